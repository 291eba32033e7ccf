import Table from "cli-table3";
import type { Replacement } from "./judge-replacement";

const WHY: Readonly<Record<Replacement["why"], string>> = {
  missing: "it has no machine",
  unfinished: "its data volume is not attached",
  behind: "it was made of another image",
  current: "it was made of the image that the program names",
};

/** What would be replaced, and what stays, as a person reads it. */
export function renderReplacements(found: readonly Replacement[], wanted: readonly Replacement[]): string {
  const table = new Table({
    head: ["node", "what", "why", "machine", "image now", "image then"],
    style: { head: [], border: [] },
  });
  for (const one of found) {
    const { node, why, instanceId = "", imageBefore = "", imageAfter = "the newest" } = one;
    const what = !wanted.includes(one) ? "stays" : why === "missing" ? "is made" : "is replaced";
    table.push([node.name, what, WHY[why], instanceId, imageBefore, imageAfter]);
  }
  const stays = wanted.length === 0 ? ["Nothing is to be replaced."] : [];
  return [table.toString(), ...stays].join("\n");
}
