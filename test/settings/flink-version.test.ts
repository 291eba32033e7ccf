import { FlinkVersion } from "../../lib/settings";

describe("FlinkVersion", () => {
  test.each([
    [FlinkVersion.V1_20, "1.20", undefined],
    [FlinkVersion.V2_2, "2.2", undefined],
    [FlinkVersion.V2_3, "2.3", undefined],
    [FlinkVersion.of("2.3"), "2.3", undefined],
    [FlinkVersion.of("2.3.0"), "2.3", "2.3.0"],
    [FlinkVersion.of("1.20.5"), "1.20", "1.20.5"],
    [FlinkVersion.of("2.4.11"), "2.4", "2.4.11"],
  ])("%s", (version, line, patch) => {
    expect(version.line).toBe(line);
    expect(version.patch).toBe(patch);
    expect(version.toString()).toBe(patch ?? line);
  });

  test.each([
    "",
    "2",
    "2.x",
    "v2.2",
    "2.2.1-SNAPSHOT",
    " 2.2",
    "2.2 ",
    "02.2",
    "1.19",
    "1.19.3",
    "0.9",
    "2.2.1.1",
    "2.2\n",
    "${x}",
    NaN,
    null,
    undefined,
    2.2,
    {},
  ])("refuses %p", (given) => {
    expect(() => FlinkVersion.of(given as string)).toThrow(
      /^FlinkVersion\.of is .*, but must be a line such as 2\.3 .*: use /,
    );
  });
});
