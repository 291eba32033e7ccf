import type { ChildProcess } from "child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "fs";
import { once } from "events";
import { homedir } from "os";
import * as path from "path";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { PORT_FORWARDING_DOCUMENT } from "../../../lib/operate/tunnel/session-manager-ways";
import { LOCK_FILE_NAME } from "../../../lib/software/lock-file";
import { ATTEMPT_USER_AGENT } from "../../lab/judge/figures";
import { tryRun } from "../../lab/command";
import type { Lab } from "../../lab/lab";
import { waitFor } from "../../lab/wait-for";

/** A command as somebody ran it, and what came of it. */
export interface CommandRun {
  readonly about: string;
  readonly command: string;
  readonly exitCode: number;
  /** What it printed, with what it said beside it at the end. */
  readonly output: string;
}

/** What every tool of AWS reads, of somebody who has taken a role. */
export type Identity = Readonly<Record<string, string>>;

export interface RunOptions {
  /** Default: that of the account's administrator. */
  readonly as?: Identity;
  /** Default 0. */
  readonly exitCode?: number;
  /** What it has to say. */
  readonly says?: RegExp;
  /** Whether something must be refused to it, once. */
  readonly isRefused?: boolean;
  /** Whether the plugin of Session Manager is on the PATH. Default true. */
  readonly hasPlugin?: boolean;
  /** Whether it runs where package registries are reached, and no AWS. Default false. */
  readonly isOutside?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Of what it printed, the part that a record shows. Default: all. */
  readonly shows?: (output: string) => string;
  readonly timeoutMinutes?: number;
}

const ROOT = path.resolve(__dirname, "..", "..", "..");
const PROGRAM = path.join(ROOT, "build", "bin", "cdktf-flink.js");
const MINUTE = 60_000;
const TAKE_ROLE = `
const { AssumeRoleCommand, STSClient } = require("@aws-sdk/client-sts");
const [RoleArn, RoleSessionName, seconds] = process.argv.slice(1);
new STSClient({})
  .send(new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: Number(seconds) }))
  .then(({ Credentials: { AccessKeyId, SecretAccessKey, SessionToken } }) => {
    const taken = { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken };
    console.log(JSON.stringify(taken));
  });
`;

/** Begins a session as the command line does, and says something by it. */
const TUNNEL = `
const { once } = require("node:events");
const { connect } = require("node:net");
const { spawn } = require("node:child_process");
const { SSMClient, StartSessionCommand } = require("@aws-sdk/client-ssm");
const [Target, host, portNumber] = process.argv.slice(1);
const localPortNumber = "18999";
(async () => {
  const DocumentName = "${PORT_FORWARDING_DOCUMENT}";
  const Parameters = { host: [host], portNumber: [portNumber], localPortNumber: [localPortNumber] };
  const request = { Target, DocumentName, Parameters };
  const { SessionId, StreamUrl, TokenValue } = await new SSMClient({}).send(new StartSessionCommand(request));
  const region = process.env.AWS_REGION;
  const args = ["SESSION", region, "StartSession", "", JSON.stringify(request), "https://ssm." + region + ".amazonaws.com"];
  const SESSION = JSON.stringify({ SessionId, StreamUrl, TokenValue });
  const plugin = spawn("session-manager-plugin", args, { env: { ...process.env, SESSION }, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  await new Promise((resolve) => plugin.stdout.on("data", (chunk) => (said += chunk).includes("opened for sessionId") && resolve()));
  const socket = connect(Number(localPortNumber), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.0\\r\\n\\r\\n");
  const heard = Promise.race([once(socket, "data"), once(socket, "close")]).then(() => "heard");
  const silence = new Promise((resolve) => setTimeout(resolve, 10000, "silence"));
  console.log(await Promise.race([heard, silence]));
  socket.destroy();
  plugin.kill("SIGINT");
})();
`;

/** The user's own command line, run as other programs by people who have taken roles, in a folder of theirs. */
export class CommandLine {
  /** All that was run so far. */
  public readonly runs: CommandRun[] = [];
  /** How many calls of theirs were refused, as they were told. */
  public refusals = 0;

  /** In a folder of the lab's, with the stand-in for the plugin of Session Manager. */
  public static async create(lab: Lab): Promise<CommandLine> {
    const folder = path.join(lab.folder, "operator");
    mkdirSync(folder);
    copyFileSync(path.join(ROOT, LOCK_FILE_NAME), path.join(folder, LOCK_FILE_NAME));
    return new CommandLine(lab, folder, await lab.sessionManagerPlugin());
  }

  private constructor(
    private readonly lab: Lab,
    public readonly folder: string,
    private readonly plugin: string,
  ) {}

  /** Takes a role of the account, or of another one where an ARN is given. */
  public async take(role: string, sessionName: string, seconds = 3600): Promise<Identity> {
    const arn = role.startsWith("arn:") ? role : await this.arnOf(role);
    const { code, stdout, stderr } = await this.lab.exec(
      [process.execPath, "-e", TAKE_ROLE, arn, sessionName, String(seconds)],
      { cwd: ROOT },
    );
    if (code !== 0) throw new Error(`${role} could not be taken: ${stderr}`);
    return JSON.parse(stdout) as Identity;
  }

  /** A file in the folder; gives its name there. */
  public write(name: string, content: string): string {
    writeFileSync(path.join(this.folder, name), content);
    return name;
  }

  /** What one prints, however it ends. */
  public async look(
    args: readonly string[],
    as: Identity,
  ): Promise<{ readonly code: number; readonly stdout: string }> {
    return this.lab.exec([process.execPath, PROGRAM, ...args], {
      ...{ env: this.environmentOf({ as }), cwd: this.folder, timeout: 3 * MINUTE },
    });
  }

  /** Whether a tunnel of a session leads to a port of a host, which then says anything or hangs up. */
  public async tunnelLeads(as: Identity, target: string, host: string, port: number): Promise<boolean> {
    const { code, stdout, stderr } = await this.lab.exec([process.execPath, "-e", TUNNEL, target, host, String(port)], {
      ...{ env: this.environmentOf({ as }), cwd: ROOT, timeout: 2 * MINUTE },
    });
    if (code !== 0) throw new Error(`no tunnel could be tried: ${stdout}${stderr}`);
    return stdout.trim() === "heard";
  }

  /** Runs one to its end; fails where it ends otherwise, or says something else, and gives what it printed. */
  public async run(about: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { exitCode = 0, says, isRefused = false, isOutside = false, input } = options;
    const { shows = (output: string) => output } = options;
    const exec = isOutside ? tryRun : this.lab.exec.bind(this.lab);
    const { code, stdout, stderr } = await exec([process.execPath, PROGRAM, ...args], {
      ...{ env: this.environmentOf(options), cwd: this.folder, timeout: (options.timeoutMinutes ?? 3) * MINUTE },
      input,
    });
    const output = this.withoutPlaces(`${stdout}${stderr}`);
    const command = this.withoutPlaces(commandOf(args));
    console.log(`$ ${command}\n${output}[${code}]`);
    if (code !== exitCode) throw new Error(`${command} ended with ${code} and not with ${exitCode}:\n${output}`);
    if (code !== 0 && !isOneSentence(stderr)) throw new Error(`${command} fails not in one sentence:\n${stderr}`);
    if (says && !says.test(output)) throw new Error(`${command} does not say ${String(says)}:\n${output}`);
    if (isRefused) this.refusals++;
    this.runs.push({ about, command, exitCode: code, output: shows(output) });
    return stdout;
  }

  /** Begins one that goes on until somebody ends it. */
  public begin(args: readonly string[], as: Identity): RunningCommand {
    const child = this.lab.begin([process.execPath, PROGRAM, ...args], this.environmentOf({ as }), this.folder);
    return new RunningCommand(child, this.withoutPlaces(commandOf(args)), (text) => this.withoutPlaces(text));
  }

  /** Ends one as people do, by Ctrl-C. */
  public async end(about: string, running: RunningCommand, shows = (output: string) => output): Promise<void> {
    const { exitCode, output, command } = await running.interrupt();
    console.log(`$ ${command}\n${output}[${exitCode}]`);
    if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}:\n${output}`);
    this.runs.push({ about, command, exitCode, output: shows(output) });
  }

  private async arnOf(role: string): Promise<string> {
    const { Role } = await this.lab.aws().iam.send(new GetRoleCommand({ RoleName: role }));
    return Role!.Arn!;
  }

  private environmentOf({ as, isRefused, hasPlugin = true, env }: RunOptions): NodeJS.ProcessEnv {
    const PATH = [...(hasPlugin ? [this.plugin] : []), process.env.PATH];
    return {
      ...{ PATH: PATH.join(path.delimiter), NO_COLOR: "1" },
      ...(isRefused && { AWS_SDK_UA_APP_ID: ATTEMPT_USER_AGENT }),
      ...as,
      ...env,
    };
  }

  /** A record tells of no folder of this machine. */
  private withoutPlaces(text: string): string {
    const places: [string, string][] = [
      [`${this.folder}${path.sep}`, ""],
      [this.lab.folder, "…"],
      [ROOT, "…"],
      [homedir(), "~"],
    ];
    return places.reduce((shown, [place, name]) => {
      const shorter = place.length - name.length;
      // A cell of a table keeps its width.
      const inCells = shown.replace(/│[^│\n]*/g, (cell) => {
        const count = cell.split(place).length - 1;
        return cell.replaceAll(place, name) + " ".repeat(count * shorter);
      });
      return inCells.replaceAll(place, name);
    }, text);
  }
}

/** One that has not ended by then when somebody ended it is taken to hang. */
const LONGEST_END_MILLIS = MINUTE;

/** As `wait` tells what a node lacks. */
const LINE_OF_NODE = /^[\w-]+-node-\d+ is [a-z]+: .+\.$/;

/** A command that runs. */
export class RunningCommand {
  private said = "";
  private readonly closed: Promise<unknown>;

  public constructor(
    private readonly child: ChildProcess,
    private readonly command: string,
    private readonly clean: (text: string) => string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (chunk: Buffer) => void (this.said += chunk.toString("utf8")));
    }
    this.closed = once(child, "close");
  }

  /** What it says at last; fails where it ends before. */
  public async saying(pattern: RegExp, timeoutMinutes = 3): Promise<RegExpExecArray> {
    const { found } = await waitFor(
      () => {
        const found = pattern.exec(this.said);
        if (found) return { found };
        return this.child.exitCode === null ? undefined : { found: undefined };
      },
      {
        timeout: timeoutMinutes * MINUTE,
        interval: 200,
        what: `${this.command} to say ${String(pattern)}: ${this.said}`,
      },
    );
    if (!found) throw new Error(`${this.command} has ended with ${this.child.exitCode}:\n${this.said}`);
    return found;
  }

  public async interrupt(): Promise<{ readonly exitCode: number; readonly output: string; readonly command: string }> {
    this.child.kill("SIGINT");
    const gone = setTimeout(() => this.child.kill("SIGKILL"), LONGEST_END_MILLIS);
    await this.closed.finally(() => clearTimeout(gone));
    return { exitCode: this.child.exitCode ?? -1, output: this.clean(this.said), command: this.command };
  }
}

/**
 * Whether one sentence that begins with the program's name is the end, after which nodes may have a line each that says how
 * they are; what it did until then may stand before.
 */
function isOneSentence(said: string): boolean {
  const lines = said.trimEnd().split("\n");
  const sentence = lines.findIndex((line) => line.startsWith("cdktf-flink: "));
  const after = lines.slice(sentence + 1);
  return sentence >= 0 && after.every((line) => LINE_OF_NODE.test(line));
}

/** As people type it. */
function commandOf(args: readonly string[]): string {
  const words = args.map((word) => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word}'`));
  return ["npx cdktf-flink", ...words].join(" ");
}
