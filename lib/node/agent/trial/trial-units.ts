import * as fs from "fs/promises";
import * as path from "path";
import { execArgument } from "../../systemd-text";
import { mustRun } from "../command";
import { writeFileAtomically } from "../files";

/** With it the agent's program judges the trial, and does nothing else. */
export const JUDGE_TRIAL_OPTION = "--judge-trial";

const NAME = "flink-agent-trial";
const TIMER = `${NAME}.timer`;
/** Also from a boot on. It is looked at in this pace, so that no clock that jumps ends a trial. */
export const LOOK_SECONDS = 60;
const UNIT_FOLDER = "/etc/systemd/system";

/**
 * The units of systemd that judge a trial, beside the agent's own, which is frozen: so they work whatever becomes of the
 * agent that is on trial, and after a reboot too.
 */
export class TrialUnits {
  /** @param program and arguments of the agent that judges: the one that stood the test before */
  public constructor(
    private readonly program: readonly string[],
    private readonly folder: string = UNIT_FOLDER,
  ) {}

  public async start(): Promise<void> {
    for (const [name, content] of Object.entries(this.render())) {
      await writeFileAtomically(path.join(this.folder, name), content);
    }
    await mustRun("systemctl", ["daemon-reload"]);
    await mustRun("systemctl", ["enable", TIMER]);
    await mustRun("systemctl", ["restart", TIMER]);
  }

  /** May be called by the service itself, which goes on to its end. */
  public async remove(): Promise<void> {
    const file = path.join(this.folder, TIMER);
    if (await fs.stat(file).catch(() => undefined)) await mustRun("systemctl", ["disable", "--now", TIMER]);
    for (const name of Object.keys(this.render())) await fs.rm(path.join(this.folder, name), { force: true });
    await mustRun("systemctl", ["daemon-reload"]);
  }

  private render(): Readonly<Record<string, string>> {
    const command = [...this.program, JUDGE_TRIAL_OPTION].map(execArgument).join(" ");
    return {
      [`${NAME}.service`]: [
        "[Unit]",
        "Description=Judge of what this Flink node has taken over",
        "",
        "[Service]",
        "Type=oneshot",
        `ExecStart=${command}`,
        // More than the agent gets to stop.
        "TimeoutStartSec=300",
        "UMask=0022",
        "",
      ].join("\n"),
      // Last: it is what says that there is something to remove.
      [TIMER]: [
        "[Unit]",
        "Description=Looks at what this Flink node has taken over",
        "",
        "[Timer]",
        `OnActiveSec=${LOOK_SECONDS}`,
        `OnUnitInactiveSec=${LOOK_SECONDS}`,
        "AccuracySec=5",
        "",
        "[Install]",
        "WantedBy=timers.target",
        "",
      ].join("\n"),
    };
  }
}
