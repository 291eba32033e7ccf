import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectorPart } from "../../lib/software/connectors";
import type * as Client from "../../lib/software/origins/client";
import { OfficialSites } from "../../lib/software/origins/official";
import { copyJar } from "../../lib/software/origins/maven";
import type { IOrigin } from "../../lib/software/origins/origin";
import { PackageRegistries } from "../../lib/software/origins/package-registries";
import { PartStore } from "../../lib/software/part-store";
import { Lines } from "../../lib/software/progress";
import { temporaryFolder } from "./temporary-folder";

/** What stands in the place of Maven. */
let mockCommand = "";
jest.mock("../../lib/software/origins/client", () => {
  const actual = jest.requireActual<typeof Client>("../../lib/software/origins/client");
  return {
    ...actual,
    MAVEN: {
      ...actual.MAVEN,
      get command() {
        return mockCommand;
      },
    },
  };
});

const folder = temporaryFolder();
const part = connectorPart("2.2", "kafka");
const official = new OfficialSites(new PartStore(join(folder, "store")));
const registries = new PackageRegistries();
let number = 0;

/** Lays two jars down where it is told to, the second one for another system. */
const MAVEN_LIKE = `#!/bin/sh
for argument do
  case "$argument" in -DoutputDirectory=*) out="\${argument#*=}" ;; esac
done
mkdir -p "$out"
echo a jar >"$out/some-1.jar"
echo another >"$out/some-1-osx-x86_64.jar"
`;

/** What an origin makes of the part, and what it tells, with another program in the place of Maven. */
async function obtain(origin: IOrigin, command: string): Promise<{ archive: string; lines: string[] }> {
  mockCommand = command;
  const work = join(folder, `work-${++number}`);
  mkdirSync(work);
  const lines: string[] = [];
  const progress = new Lines((line) => lines.push(line)).task("part");
  const partFile = (): never => {
    throw new Error("no other part is needed");
  };
  return { archive: await origin.obtain(part, work, { progress, partFile }), lines };
}

test("both origins take a connector by Maven, and give the same bytes", async () => {
  const maven = join(folder, "maven-like");
  writeFileSync(maven, MAVEN_LIKE, { mode: 0o755 });
  const [first, second] = [await obtain(official, maven), await obtain(registries, maven)];
  expect(readFileSync(first.archive).equals(readFileSync(second.archive))).toBe(true);
  const listed = execFileSync("tar", ["-tzf", first.archive], { encoding: "utf8" });
  expect(listed).toBe("flink-connector-kafka-5.0.0-2.2/lib/some-1.jar\n");
  expect(first.lines.join("\n")).toContain("signatures not checked");
});

test.each([
  ["official", official],
  ["package-registries", registries],
])("without Maven %s says what to install", async (_, origin) => {
  await expect(obtain(origin, join(folder, "no-maven"))).rejects.toThrow(
    /no-maven was not found: install Apache Maven/,
  );
});

test("nothing but the jar comes where one is asked for, whatever Maven writes where it runs", async () => {
  const [work, target] = ["work-of-one", "jars-of-one"].map((name) => join(folder, name));
  mkdirSync(work);
  mockCommand = join(folder, "maven-without-account");
  writeFileSync(mockCommand, `${MAVEN_LIKE}mkdir -p '?/.m2/repository'\necho a file >'?/.m2/repository/some.pom'\n`, {
    mode: 0o755,
  });
  await copyJar("org.example:some:1", target, work);
  expect(readdirSync(work)).toEqual(["?"]);
  expect(readdirSync(target)).toEqual(["some-1-osx-x86_64.jar", "some-1.jar"]);
});
