import * as fs from "fs";
import * as path from "path";
import { isOlderThan } from "../../lib/node/agent/host-settings";
import { closeOwnFiles } from "../../lib/node/agent/own-files";
import { HOST_SETTINGS, isHostSetting, SYSCTL_FILE } from "../../lib/node/host-settings";
import { temporaryFolder } from "./support/software";

/** Seconds after which the cloud's network forgets a connection. */
const IDLE_LIMIT = 350;

describe("settings of the operating system", () => {
  test("as they were reviewed", () => {
    expect(Object.fromEntries(HOST_SETTINGS.map(({ path, content }) => [path, content]))).toMatchSnapshot();
  });

  test("belong to root and lie where they may", () => {
    for (const { path, owner, group, mode } of HOST_SETTINGS) {
      expect([path, isHostSetting(path), owner, group, mode]).toEqual([path, true, "root", "root", "0644"]);
    }
  });

  test("ask an idle connection before the cloud forgets it", () => {
    const { content } = HOST_SETTINGS.find(({ path }) => path === SYSCTL_FILE)!;
    const value = (name: string) =>
      Number(new RegExp(`^net\\.ipv4\\.tcp_keepalive_${name} = (\\d+)$`, "m").exec(content)?.[1]);
    expect(value("time")).toBeLessThan(IDLE_LIMIT);
    expect(value("time") + value("intvl")).toBeLessThan(IDLE_LIMIT);
    expect(value("probes")).toBeGreaterThan(1);
  });

  test.each([
    "/etc/sysctl.conf",
    "/etc/sysctl.d/90-cdktf-flink.conf/x",
    "/etc/systemd/system.conf.d/90-cdktf-flink.conf",
    "/etc/systemd/journald.conf.d/../90-cdktf-flink.conf",
    "x/etc/sysctl.d/90-cdktf-flink.conf",
  ])("%s is none", (path) => expect(isHostSetting(path)).toBe(false));
});

describe("a service that reads a setting when it starts", () => {
  const written = new Date("2026-11-22T12:00:00.500Z");

  test.each([
    ["runs since before", { active: true, since: "2026-11-22T11:59:00.000Z" }, true],
    ["began in the same second", { active: true, since: "2026-11-22T12:00:00.000Z" }, true],
    ["began after it", { active: true, since: "2026-11-22T12:00:01.000Z" }, false],
    ["does not run", { active: false }, false],
  ])("that %s", (_name, service, restart) => expect(isOlderThan(service, written)).toBe(restart));
});

test("the agent's own files are closed to all but root", async () => {
  const folder = temporaryFolder();
  const [state, identity] = [path.join(folder, "state"), path.join(folder, "identity.json")];
  fs.mkdirSync(state, { mode: 0o755 });
  fs.writeFileSync(identity, "{}", { mode: 0o644 });
  await closeOwnFiles(state, identity);
  expect([state, identity].map((file) => (fs.statSync(file).mode & 0o777).toString(8))).toEqual(["700", "600"]);
  fs.rmSync(folder, { recursive: true });
});
