import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { NetConnectOpts } from "node:net";
import path from "node:path";

/** What happened to the plugin's stand-in. */
export interface PluginEvent {
  readonly event: "start" | "end";
  readonly args?: readonly string[];
  readonly region?: string;
  readonly operation?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly pid?: number;
  readonly SessionId?: string;
}

/** A stand-in for `session-manager-plugin`, which is found where `folder` is on the PATH. */
export class InstalledPlugin {
  /**
   * @param folder where it is laid down
   * @param version what it says that it is
   */
  public static install(folder: string, version = "1.2.764.0"): InstalledPlugin {
    const installed = new InstalledPlugin(folder);
    mkdirSync(folder, { recursive: true });
    installed.leadTo({});
    writeFileSync(installed.log, "");
    const program = [process.execPath, path.join(__dirname, "plugin.js"), installed.routes, installed.log, version];
    const quoted = program.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    writeFileSync(path.join(folder, "session-manager-plugin"), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
    return installed;
  }

  private constructor(public readonly folder: string) {}

  /** Says where `host:port` leads, from now on. */
  public leadTo(routes: Readonly<Record<string, NetConnectOpts>>): void {
    writeFileSync(this.routes, JSON.stringify(routes));
  }

  /** All that happened so far. */
  public events(): readonly PluginEvent[] {
    const lines = readFileSync(this.log, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as PluginEvent);
  }

  private get routes(): string {
    return path.join(this.folder, "routes.json");
  }

  private get log(): string {
    return path.join(this.folder, "events.jsonl");
  }
}
