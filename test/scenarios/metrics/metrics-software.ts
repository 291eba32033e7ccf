import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../../lib/software/cache";
import { fetchSoftware } from "../../../lib/software/fetch";
import { PartStore } from "../../../lib/software/part-store";
import { run } from "../../support/process";
import { testLockFile } from "../../support/software";

const INFLUXDB = "1.8.10";

/** The program of Telegraf that nodes get, built of Go modules where the cache lacks it. */
export async function ensureTelegraf(): Promise<string> {
  const release = { origin: "package-registries", flink: ["2.2"], architectures: ["amd64"] } as const;
  const lock = await fetchSoftware({ lockFile: testLockFile(), ...release, metrics: true });
  const part = lock.origins["package-registries"]!.parts.find(({ name }) => name === "telegraf")!;
  return ensureProgram(`telegraf-${part.sha256}`, "telegraf", async (folder) => {
    await run(["tar", "-xzf", new PartStore().path(part), "--strip-components=1", "-C", folder]);
  });
}

/** A server of InfluxDB 1, built of Go modules. */
export function ensureInfluxDb(): Promise<string> {
  return ensureProgram(`influxd-${INFLUXDB}`, "influxd", async (folder) => {
    const env = { GOBIN: folder, CGO_ENABLED: "0", GOFLAGS: "-p=1" };
    await run(["go", "install", "-trimpath", `github.com/influxdata/influxdb/cmd/influxd@v${INFLUXDB}`], { env });
  });
}

/** A server of Prometheus, Debian's. */
export function ensurePrometheus(): Promise<string> {
  return ensureProgramOfPrometheus("prometheus");
}

/** What checks rules of Prometheus, and plays them in a time that it makes up. */
export function ensurePromtool(): Promise<string> {
  return ensureProgramOfPrometheus("promtool");
}

function ensureProgramOfPrometheus(program: string): Promise<string> {
  return ensureProgram(program, program, async (folder) => {
    await run(["apt-get", "download", "-q", "prometheus"], { cwd: folder });
    const archive = readdirSync(folder).find((name) => name.endsWith(".deb"))!;
    await run(["dpkg", "-x", archive, "unpacked"], { cwd: folder });
    renameSync(join(folder, "unpacked/usr/bin", program), join(folder, program));
    for (const name of [archive, "unpacked"]) rmSync(join(folder, name), { recursive: true });
  });
}

/** A program in a folder of the cache, which is whole or not there. */
async function ensureProgram(name: string, program: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheDirectory(), "test", name);
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    await make(partial);
    if (existsSync(folder)) rmSync(partial, { recursive: true });
    else renameSync(partial, folder);
  }
  return join(folder, program);
}
