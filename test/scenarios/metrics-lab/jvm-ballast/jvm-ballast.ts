import { cpSync, mkdtempSync, rmSync, writeFileSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { run } from "../../../lab/command";
import type { Machine } from "../../../lab/machine";

const AGENT = path.join(__dirname, "Ballast.java");
const ATTACH = path.join(__dirname, "attach.py");
/** Where they are on a machine. */
const [AGENT_JAR, ATTACH_PROGRAM] = ["/opt/ballast.jar", "/opt/attach.py"];
/** Of all processors: it loads thousands of classes. */
const PATIENCE = 5 * 60_000;

/** What of a Java process is taken. */
export type JavaMemory = "heap" | "metaspace";

/** Memory of Java processes that run, taken by an agent that is loaded into them by hand. */
export class JvmBallast {
  /** Builds the agent, and lays it on a machine. */
  public static async install(machine: Machine): Promise<JvmBallast> {
    const folder = mkdtempSync(path.join(tmpdir(), "ballast-"));
    try {
      const [classes, jar, manifest] = ["classes", "ballast.jar", "manifest"].map((name) => path.join(folder, name));
      writeFileSync(manifest, "Agent-Class: Ballast\n");
      await run(["javac", "--release", "17", "-d", classes, AGENT]);
      await run(["jar", "--create", "--file", jar, "--manifest", manifest, "-C", classes, "."]);
      cpSync(jar, path.join(machine.root, AGENT_JAR));
      cpSync(ATTACH, path.join(machine.root, ATTACH_PROGRAM));
    } finally {
      rmSync(folder, { recursive: true });
    }
    return new JvmBallast(machine);
  }

  private constructor(private readonly machine: Machine) {}

  /** Takes memory of a unit's process, until it uses so much of it: from 0 to 1. */
  public async fill(unit: string, what: JavaMemory, part: number): Promise<void> {
    await this.tell(unit, `${what} ${part}`);
  }

  /** Gives all of it back. */
  public async release(unit: string): Promise<void> {
    await this.tell(unit, "release");
  }

  private async tell(unit: string, words: string): Promise<void> {
    const pid = (await this.machine.run(["systemctl", "show", "-P", "MainPID", unit])).trim();
    await this.machine.run(["python3", ATTACH_PROGRAM, pid, AGENT_JAR, words], { timeout: PATIENCE });
  }
}
