import { environmentAssignment, execArgument, mountUnitName } from "../../lib/node/systemd-text";

describe("text for systemd", () => {
  test.each([
    ["plain", "plain"],
    ["-Dkey=value", "-Dkey=value"],
    ["100%", "100%%"],
    ["$HOME", "$$HOME"],
    ["${HOME}", '"$${HOME}"'],
    ["two words", '"two words"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["back\\slash", '"back\\\\slash"'],
    ["a\nb", '"a\\x0ab"'],
    ["it's", `"it's"`],
    ["semi;colon", '"semi;colon"'],
    [";", '";"'],
    ["", '""'],
    ["lib/*", '"lib/*"'],
    ["ä", '"ä"'],
  ])("argument %j", (text, expected) => {
    expect(execArgument(text)).toBe(expected);
  });

  test("assignments know no variables: a dollar stays one", () => {
    expect(environmentAssignment("A", "$B 5%")).toBe('"A=$B 5%%"');
  });

  test.each([
    ["/opt/cdktf-flink/data", "opt-cdktf\\x2dflink-data.mount"],
    ["/mnt/.hidden", "mnt-.hidden.mount"],
    ["/.top/", "\\x2etop.mount"],
    ["/mnt/ä b", "mnt-\\xc3\\xa4\\x20b.mount"],
  ])("mount unit of %s", (path, name) => {
    expect(mountUnitName(path)).toBe(name);
  });
});
