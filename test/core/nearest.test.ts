import { nearest } from "../../lib/core/nearest";

const OPTIONS = ["host", "port", "securityGroupId", "egress"];

test.each([
  ["hots", "host"],
  ["prot", "port"],
  ["securityGroup", "securityGroupId"],
  ["egres", "egress"],
  // Of a short word that many edits leave nothing.
  ["url", undefined],
  ["node", undefined],
  ["x", undefined],
])("%s is a slip for %s", (word, meant) => {
  expect(nearest(word, OPTIONS)).toBe(meant);
});
