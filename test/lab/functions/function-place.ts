import { appendFileSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "fs";
import { join } from "path";
import { unpackZip } from "../../../lib/software/part-archive";
import { Account, NetworkInterface, resolverAddress } from "../account";
import { CommandOptions, CommandResult, run, tryRun } from "../command";
import { ControlGroup } from "../control-group";
import type { MachineContext } from "../machine";
import { NetworkLink } from "../network-link";
import { shortId } from "../paths";

const [PROGRAM, RUNTIME, NODE] = ["/var/task", "/var/runtime/runtime.js", "/var/lang/bin/node"];
/** Of the operating system, with the lab's authority among them. */
const AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
/** As AWS Lambda runs functions: without any rights, at home where files may be written for a while. */
const USER = "sbx_user1051";
const [PASSWD, GROUP] = [`${USER}:x:993:990::/tmp:/usr/sbin/nologin\n`, `${USER}:x:990:\n`];
const MEBIBYTE = 1024 * 1024;

/**
 * Where one function runs: a container with a file system of its own, which nobody writes to, as a user of its own, and with
 * nothing of the network but the function's own interface. One program at a time.
 */
export class FunctionPlace {
  /** @param nodeJs path of the Node.js that it runs by */
  public static async make(
    context: MachineContext,
    account: Account,
    network: NetworkInterface,
    nodeJs: string,
  ): Promise<FunctionPlace> {
    const place = new FunctionPlace(context, network);
    await place.layOut(account, nodeJs);
    return place;
  }

  public readonly name: string;
  private readonly folder: string;
  private readonly group: ControlGroup;
  private readonly link: NetworkLink;
  private busy: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly context: MachineContext,
    private readonly network: NetworkInterface,
  ) {
    this.name = network.ofFunction!;
    this.folder = join(context.folder, "functions", network.id);
    this.group = new ControlGroup(join(context.namespace.name, shortId(network.id)));
    this.link = new NetworkLink(context.namespace, network);
  }

  /** By which other machines know it. */
  public get address(): string {
    return this.network.address;
  }

  /** Puts a program there, in place of the one before. */
  public async install(archive: Buffer): Promise<void> {
    const file = join(this.folder, "program.zip");
    writeFileSync(file, archive);
    rmSync(this.inside(PROGRAM), { recursive: true, force: true });
    await unpackZip(file, this.inside(PROGRAM), (entry) => entry);
  }

  /** Runs its program once, with this on its standard input; gives its answer. */
  public call(call: string, memoryMebibytes: number, timeoutSeconds: number): Promise<CommandResult> {
    this.group.limitMemory(memoryMebibytes * MEBIBYTE);
    return this.exec([NODE, RUNTIME], { input: call, timeout: timeoutSeconds * 1000 });
  }

  /** Runs any program there. */
  public exec(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const now = this.busy.then(() => this.execNow(argv, options));
    this.busy = now.catch(() => undefined);
    return now;
  }

  /** The same of one that must succeed; gives its standard output. */
  public async run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv, options);
    if (code !== 0) throw new Error(`${argv[0]} in the place of ${this.name} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  private async execNow(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
    const { namespace } = this.context;
    try {
      return await tryRun(
        this.group.wrap([
          ...["systemd-nspawn", "--quiet", `--directory=${this.inside("/")}`, "--read-only", "--as-pid2"],
          ...[`--machine=${namespace.name}-${shortId(this.network.id)}`, `--user=${USER}`, "--no-new-privileges=yes"],
          ...["--register=no", "--keep-unit", "--settings=no", `--network-namespace-path=${this.link.path}`],
          ...["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe"],
          ...[`--setenv=NODE_EXTRA_CA_CERTS=${AUTHORITIES}`, "--", ...argv],
        ]),
        options,
      );
    } finally {
      // What outlives its time, too.
      this.group.kill();
    }
  }

  private inside(path: string): string {
    return join(this.folder, "root", path);
  }

  private async layOut(account: Account, nodeJs: string): Promise<void> {
    const vpc = account.vpcs.find(({ id }) => id === this.network.vpcId);
    if (!vpc) throw new Error(`the function ${this.name} is in no VPC`);
    const own = (part: string) => join(this.folder, part);
    for (const part of ["upper", "work", "root"]) mkdirSync(own(part), { recursive: true });
    const { layers, namespace } = this.context;
    const options = `lowerdir=${layers.join(":")},upperdir=${own("upper")},workdir=${own("work")}`;
    await run(["mount", "-t", "overlay", `${namespace.name}-${shortId(this.network.id)}`, "-o", options, own("root")]);
    for (const path of ["/var/runtime", "/var/lang/bin"]) mkdirSync(this.inside(path), { recursive: true });
    copyFileSync(join(__dirname, "runtime.js"), this.inside(RUNTIME));
    copyFileSync(nodeJs, this.inside(NODE));
    appendFileSync(this.inside("/etc/passwd"), PASSWD);
    appendFileSync(this.inside("/etc/group"), GROUP);
    rmSync(this.inside("/etc/resolv.conf"), { force: true });
    writeFileSync(this.inside("/etc/resolv.conf"), `nameserver ${resolverAddress(vpc.cidr)}\n`);
    this.group.create();
    await this.link.create(account);
  }
}
