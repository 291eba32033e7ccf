import { chmodSync, cpSync, mkdirSync, writeFileSync } from "fs";
import * as path from "path";
import { createAuthority, Issuer, KeyAndCertificate } from "../../lab/authority";
import type { Machine } from "../../lab/machine";
import { waitFor } from "../../lab/wait-for";
import { METRICS_HOST } from "./metrics-stacks";

export interface ProgramServerProps {
  readonly machine: Machine;
  /** Signs its certificate. */
  readonly authority: KeyAndCertificate;
  /** Of its unit, its user and its folders, such as `influxdb`. */
  readonly name: string;
  /** Path on this host of its program, which needs nothing else. */
  readonly program: string;
  /** What the program is told; its paths are those of `configuration` and `data`. */
  readonly argv: readonly string[];
  /** Whether it answers, asked until it does. */
  readonly answers: () => Promise<boolean>;
}

const PATIENCE = 120_000;

/** A server of one program on somebody else's machine, which systemd runs as a user of its own. */
export class ProgramServer {
  /** Where a server of this name has its configuration, with `server.pem`, `server.key` and `authority.pem`. */
  public static configuration(name: string): string {
    return `/opt/${name}/config`;
  }

  public static data(name: string): string {
    return `/var/lib/${name}`;
  }

  private readonly unit: string;

  public constructor(private readonly props: ProgramServerProps) {
    this.unit = `${props.name}.service`;
  }

  /** Lays it out with these files of its configuration, and starts it. */
  public async start(files: Readonly<Record<string, string>>): Promise<void> {
    const { machine, name, program, authority } = this.props;
    const folder = path.join(machine.root, "opt", name);
    mkdirSync(folder, { recursive: true });
    cpSync(program, path.join(folder, name));
    chmodSync(path.join(folder, name), 0o755);
    await machine.run(["useradd", "--system", "--no-create-home", name]);
    await machine.run(["install", "-d", "-o", name, "-g", name, "-m", "0700", ProgramServer.data(name)]);
    writeFileSync(path.join(machine.root, "etc/systemd/system", this.unit), this.unitFile());
    await this.write({ ...files, ...(await certificateFiles(authority)) });
    await machine.run(["systemctl", "daemon-reload"]);
    await this.resume();
  }

  /** Stops it: nobody listens on its port. */
  public async stop(): Promise<void> {
    await this.props.machine.run(["systemctl", "stop", this.unit], { timeout: PATIENCE });
  }

  /** Starts it, and waits until it answers. */
  public async resume(): Promise<void> {
    const { machine, name, answers } = this.props;
    await machine.run(["systemctl", "start", this.unit], { timeout: PATIENCE });
    try {
      await waitFor(answers, { timeout: PATIENCE, what: `${name} on ${machine.name}`, interval: 500 });
    } catch (error) {
      const { stdout } = await machine.exec(["journalctl", "--no-pager", "-n", "40", "-u", this.unit]);
      throw new Error(`${(error as Error).message}\n${stdout}`, { cause: error });
    }
  }

  /** Begins anew with a certificate for the same name; its administrator knows who signed it. */
  public async showCertificate(whose: "a stranger's" | "its own"): Promise<void> {
    await this.stop();
    await this.write(await certificateFiles(whose === "its own" ? this.props.authority : await createAuthority()));
    await this.resume();
  }

  private async write(files: Readonly<Record<string, string>>): Promise<void> {
    const { machine, name } = this.props;
    const folder = ProgramServer.configuration(name);
    mkdirSync(path.join(machine.root, folder), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(path.join(machine.root, folder, file), content);
    await machine.run(["chown", "-R", `${name}:${name}`, folder]);
    await machine.run(["chmod", "-R", "u=rwX,go=", folder]);
  }

  private unitFile(): string {
    const { name, argv } = this.props;
    return [
      ...["[Unit]", `Description=${name}`, "", "[Service]", `User=${name}`],
      ...[`ExecStart=/opt/${name}/${name} ${argv.join(" ")}`, "Restart=on-failure", ""],
    ].join("\n");
  }
}

/** For the name by which nodes know the server. */
export async function certificateFiles(authority: KeyAndCertificate): Promise<Record<string, string>> {
  const { key, certificate } = await new Issuer(authority).certificateFor(METRICS_HOST);
  return { "server.key": key, "server.pem": certificate, "authority.pem": authority.certificate };
}
