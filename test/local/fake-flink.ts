import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalSoftware } from "../../lib/local/local-software";

/** What a program in Flink's place shall do, beside what Flink does. */
export type Whim = "jobmanager fails" | "jobmanager is mute" | "taskmanager is late";

/**
 * As much of Flink as the commands for a local cluster see: scripts that become other programs, an overview by HTTP, and
 * TaskManagers that register.
 */
const PROGRAM = String.raw`
const fs = require("node:fs");
const path = require("node:path");
const [kind] = process.argv.slice(2);
const conf = process.env.FLINK_CONF_DIR;
const registered = path.join(conf, "registered");
const has = (whim) => fs.existsSync(path.join(__dirname, whim));
fs.mkdirSync(registered, { recursive: true });
fs.writeFileSync(path.join(conf, kind + ".environment.json"), JSON.stringify(process.env));
console.log("printed by a " + kind);
if (kind === "jobmanager") {
  if (has("jobmanager fails")) {
    const log = path.join(process.env.FLINK_LOG_DIR, "flink-flink-standalonesession-0-local.log");
    fs.writeFileSync(log, "2026-11-30 10:00:00,000 INFO  a.b.C   [] - fine\n2026-11-30 10:00:01,000 ERROR a.b.C   [] - the disk said no\n");
    process.exit(1);
  }
  const port = Number(/^rest\.port: "(\d+)"$/m.exec(fs.readFileSync(path.join(conf, "config.yaml"), "utf8"))[1]);
  const isAlive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
  require("node:http").createServer((request, response) => {
    const taskmanagers = fs.readdirSync(registered).filter((pid) => isAlive(Number(pid))).length;
    const answers = {
      "/overview": { taskmanagers, "slots-total": taskmanagers, "slots-available": 0 },
      "/jobs/overview": { jobs: [{ jid: "0123", name: "a job", state: "RUNNING", tasks: { total: 2, running: 0 } }] },
    };
    response.end(JSON.stringify(answers[request.url]));
  }).listen(has("jobmanager is mute") ? 0 : port, "127.0.0.1");
} else if (!has("taskmanager is late")) {
  fs.writeFileSync(path.join(registered, String(process.pid)), "");
}
setInterval(() => undefined, 60_000);
`;

/** Lays out such a Flink, with a Java that is none. */
export function fakeFlink(...whims: readonly Whim[]): LocalSoftware {
  const flink = mkdtempSync(join(tmpdir(), "fake-flink-"));
  for (const folder of ["bin", "lib", "plugins/metrics-jmx", "conf"])
    mkdirSync(join(flink, folder), { recursive: true });
  writeFileSync(join(flink, "lib", "flink-dist.jar"), "");
  writeFileSync(join(flink, "conf", "log4j-cli.properties"), "");
  writeFileSync(join(flink, "bin", "program.js"), PROGRAM);
  for (const kind of ["jobmanager", "taskmanager"]) {
    const script = join(flink, "bin", `${kind}.sh`);
    writeFileSync(script, `#!/bin/sh\nexec '${process.execPath}' "$(dirname "$0")/program.js" ${kind} "$@"\n`);
    chmodSync(script, 0o755);
  }
  const software = { flinkVersion: "2.2.1", flink, java: "/nowhere/java", plugins: [], connectors: [] };
  whims.forEach((each) => whim(software, each));
  return software;
}

/** From now on its programs do so. */
export function whim({ flink }: LocalSoftware, each: Whim): void {
  writeFileSync(join(flink, "bin", each), "");
}
