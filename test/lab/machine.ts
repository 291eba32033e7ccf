import { ChildProcess, spawn } from "child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "fs";
import { join } from "path";
import { Account, Instance, interfaceOf, resolverAddress } from "./account";
import { CommandOptions, CommandResult, run, tryRun } from "./command";
import { ControlGroup } from "./control-group";
import { Disk } from "./disk";
import { LabNamespace } from "./namespace";
import { NetworkLink } from "./network-link";
import { shortId } from "./paths";
import type { PublishedImages } from "./published-images";
import { QUICK_JAVA_FLAG } from "./quick-java";
import { waitFor } from "./wait-for";

/** What all machines of a lab share. */
export interface MachineContext {
  readonly namespace: LabNamespace;
  /** Folder of the run. */
  readonly folder: string;
  /** Trees below every machine's own, topmost first. */
  readonly layers: readonly string[];
  /** What lies between these and a machine's own, by the image that it is made of. */
  readonly images: PublishedImages;
  readonly quickJava: boolean;
}

export interface ExecOptions extends CommandOptions {
  /** Who runs it; default root. */
  readonly user?: string;
}

/** What cloud-init says when it is done. */
export interface CloudInitResult {
  readonly datasource: string;
  readonly errors: readonly string[];
}

interface AttachedDisk {
  readonly name: string;
  readonly byId: string;
  readonly disk: Disk;
}

const ROOT_DISK_BYTES = 8 * 1024 ** 3;
const DECOY_DISK_BYTES = 1024 ** 3;
/** systemd-nspawn ends with it when the machine wants to be started again. */
const REBOOT_EXIT_CODE = 133;
const LEADER_TIMEOUT = 30_000;
/** Longer than systemd gives its services to stop. */
const STOP_TIMEOUT = 120_000;
/** The lab's own servers go before machines when the processors are busy: 100 is the default of a group. */
const CPU_WEIGHT = 50;
const ENVIRONMENT = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"];

/** A real Debian machine that plays one instance. Its disk and volumes outlive power failures and stops. */
export class Machine {
  public readonly name: string;
  public readonly id: string;
  private readonly group: ControlGroup;
  private readonly folder: string;
  private readonly disks: AttachedDisk[] = [];
  private readonly rootDisk: Disk;
  private readonly decoy: Disk;
  private link: NetworkLink | undefined;
  private process: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private shallRun = false;
  private starts = 0;
  private onOff: () => void = () => undefined;
  /** How it last ended, for messages. */
  private lastEnd = "";

  public constructor(
    private readonly context: MachineContext,
    private instance: Instance,
  ) {
    this.id = instance.id;
    this.name = instance.name;
    this.folder = join(context.folder, "machines", instance.id);
    for (const part of ["upper", "work", "root"]) mkdirSync(join(this.folder, part), { recursive: true });
    this.group = new ControlGroup(join(context.namespace.name, shortId(instance.id)));
    this.rootDisk = new Disk(join(this.folder, "root-disk.img"), ROOT_DISK_BYTES);
    this.decoy = new Disk(join(this.folder, "decoy.img"), DECOY_DISK_BYTES);
  }

  /** Everything that the machine wrote to its console. */
  public get consoleLog(): string {
    return join(this.folder, "console.log");
  }

  /** Its own files: what differs from the base image. */
  public get root(): string {
    return join(this.folder, "root");
  }

  public get isOn(): boolean {
    return this.process !== undefined;
  }

  /** Its first network interface, which may outlive it. */
  public get interfaceId(): string {
    return this.instance.interfaceId;
  }

  /** How often it was started, reboots from inside included. */
  public get boots(): number {
    return this.starts;
  }

  /** Called when the machine was switched off from inside. */
  public whenOff(listener: () => void): void {
    this.onOff = listener;
  }

  /** Switches it on. `memory` in bytes limits all that runs in it together, as the machine type does. */
  public async boot(account: Account, instance: Instance, memory: number): Promise<void> {
    if (this.isOn) return;
    this.instance = instance;
    if (this.starts === 0) await this.prepare();
    this.group.create();
    this.group.limitMemory(memory);
    this.group.setCpuWeight(CPU_WEIGHT);
    this.shallRun = true;
    await this.launch(account);
  }

  /** Pulls the power cord: nothing is written, nobody is told. */
  public async powerOff(): Promise<void> {
    this.shallRun = false;
    this.group.kill();
    await this.ended;
    await this.link?.remove();
  }

  /** Stops it as its power button does; pulls the cord where it does not within two minutes. */
  public async stop(): Promise<void> {
    if (!this.process) return;
    this.shallRun = false;
    this.process.kill("SIGTERM");
    const orderly = await Promise.race([
      this.ended.then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), STOP_TIMEOUT).unref()),
    ]);
    if (!orderly) this.group.kill();
    await this.ended;
    await this.link?.remove();
  }

  /** Reboots it in order, as an operator's `reboot` does. */
  public async reboot(): Promise<void> {
    const before = this.starts;
    // A machine that is on may not take commands yet: asked until it takes this one.
    const isAsked = async () =>
      this.starts > before || (await this.exec(["systemctl", "reboot"]).catch(() => undefined))?.code === 0;
    await waitFor(isAsked, { timeout: STOP_TIMEOUT, what: `${this.name} to take the command`, interval: 500 });
    await waitFor(() => this.starts > before, { timeout: STOP_TIMEOUT, what: `${this.name} to start again` });
  }

  /** Ends it for good: its root disk is thrown away. Volumes are the lab's and stay. */
  public async destroy(): Promise<void> {
    await this.powerOff();
    await Promise.all([...this.disks.map(({ disk }) => disk.close()), this.rootDisk.close(), this.decoy.close()]);
    await run(["umount", this.root]).catch(() => undefined);
    this.group.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Plugs a volume in. While the machine runs, the disk appears in it as a hot-plugged one does. */
  public async attach(volumeId: string, disk: Disk): Promise<void> {
    const used = new Set(this.disks.map((one) => one.name));
    // The decoy has nvme1n1: who takes the first disk that is not the root disk takes the wrong one.
    const number = [...Array(26).keys()].map((n) => n + 2).find((n) => !used.has(`nvme${n}n1`));
    const attached = {
      name: `nvme${number}n1`,
      byId: `nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`,
      disk,
    };
    this.disks.push(attached);
    if (this.isOn) await this.present(attached);
  }

  /** Pulls a volume out. */
  public async detach(disk: Disk): Promise<void> {
    const index = this.disks.findIndex((one) => one.disk === disk);
    if (index < 0) return;
    const [{ name, byId }] = this.disks.splice(index, 1);
    if (this.leader()) await this.exec(["rm", "-f", `/dev/${name}`, `/dev/disk/by-id/${byId}`]).catch(() => undefined);
    await disk.close();
  }

  public has(disk: Disk): boolean {
    return this.disks.some((one) => one.disk === disk);
  }

  /** Whether any process of the machine sees the volume mounted. */
  public async isMounted(disk: Disk): Promise<boolean> {
    const { major, minor } = await disk.open();
    return this.group.processes().some((pid) => {
      try {
        const mounts = readFileSync(`/proc/${pid}/mountinfo`, "utf8").split("\n");
        return mounts.some((line) => line.split(" ")[2] === `${major}:${minor}`);
      } catch {
        return false;
      }
    });
  }

  /** Whether the blank disk that nobody was told of is still blank. */
  public decoyIsUntouched(): boolean {
    return this.decoy.isUntouched();
  }

  /** Bytes in use by everything in the machine, page cache included. */
  public memoryInUse(): number {
    return this.group.memoryInUse();
  }

  /** Runs a program in the machine. Its memory counts as the machine's. */
  public async exec(argv: readonly string[], options: ExecOptions = {}): Promise<CommandResult> {
    return tryRun(this.wrap(argv, options.user), options);
  }

  /** Runs a program in the machine that must succeed; gives its standard output. */
  public async run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
    return run(this.wrap(argv, options.user), options);
  }

  /** The command line of the host that runs the given one in the machine. */
  public wrap(argv: readonly string[], user?: string): string[] {
    const leader = this.leader();
    if (!leader) throw new Error(`${this.name} is off${this.lastEnd}`);
    const as = user && user !== "root" ? ["runuser", "-u", user, "--"] : [];
    return this.group.wrap([
      ...["nsenter", "--target", String(leader), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--"],
      ...["/usr/bin/env", "-i", "--chdir=/", ...ENVIRONMENT, ...as, ...argv],
    ]);
  }

  /** The command line of the host that runs the given one in the machine's network alone. */
  public wrapInNetwork(argv: readonly string[]): string[] {
    if (!this.link || !this.isOn) throw new Error(`${this.name} is off`);
    return ["ip", "netns", "exec", this.link.namespace, ...argv];
  }

  /** What cloud-init said at the end of this boot; undefined while it works. */
  public cloudInitResult(): CloudInitResult | undefined {
    const text = this.readFile("/run/cloud-init/result.json");
    return text ? (JSON.parse(text) as { v1: CloudInitResult }).v1 : undefined;
  }

  /** A file as the running machine sees it; undefined where it is not there or the machine is off. */
  public readFile(path: string): string | undefined {
    const leader = this.leader();
    try {
      return leader ? readFileSync(`/proc/${leader}/root${path}`, "utf8") : undefined;
    } catch {
      return undefined;
    }
  }

  /** The machine's PID 1 as the host numbers it: the process of the group that is 1 one namespace below. */
  private leader(): number | undefined {
    return this.group.processes().find((pid) => {
      try {
        const numbers = /^NSpid:\s+(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1].split(/\s+/);
        if (numbers?.length !== 2 || numbers[1] !== "1") return false;
        return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "systemd";
      } catch {
        return false;
      }
    });
  }

  private async prepare(): Promise<void> {
    const own = (part: string) => join(this.folder, part);
    const lower = [...this.context.images.layersOf(this.instance.imageId), ...this.context.layers];
    const layers = `lowerdir=${lower.join(":")},upperdir=${own("upper")},workdir=${own("work")}`;
    await Promise.all([
      run(["mount", "-t", "overlay", `${this.context.namespace.name}-${shortId(this.id)}`, "-o", layers, this.root]),
      // A real root disk holds a file system, too: nobody may take it for an empty one.
      this.rootDisk.format("root"),
    ]);
    if (!this.context.quickJava) return;
    const settings = join(this.root, "etc/systemd/system.conf.d");
    mkdirSync(settings, { recursive: true });
    const content = `[Manager]\nDefaultEnvironment=JDK_JAVA_OPTIONS=${QUICK_JAVA_FLAG}\n`;
    writeFileSync(join(settings, "quick-java.conf"), content);
  }

  private async launch(account: Account): Promise<void> {
    const network = interfaceOf(account, this.instance);
    const vpc = account.vpcs.find((one) => one.id === network.vpcId);
    if (!vpc) throw new Error(`instance ${this.id} is in no VPC`);
    this.link = new NetworkLink(this.context.namespace, network);
    await this.link.create(account);
    const resolvConf = join(this.root, "etc/resolv.conf");
    rmSync(resolvConf, { force: true });
    writeFileSync(resolvConf, `nameserver ${resolverAddress(vpc.cidr)}\nsearch ${account.region}.compute.internal\n`);

    const [command, ...args] = this.group.wrap([
      ...[
        "systemd-nspawn",
        "--quiet",
        `--directory=${this.root}`,
        `--machine=${this.context.namespace.name}-${shortId(this.id)}`,
      ],
      ...["--boot", "--register=no", "--keep-unit", "--settings=no", `--network-namespace-path=${this.link.path}`],
      // With a network namespace from outside it is left out, and the machine could not load its own firewall.
      "--capability=CAP_NET_ADMIN",
      // What a machine of its own lets any program do within its limits: Telegraf keeps secrets out of swap.
      "--system-call-filter=@memlock",
      ...["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe"],
    ]);
    const log = openSync(this.consoleLog, "a");
    const child = spawn(command, args, {
      stdio: ["ignore", log, log],
      detached: true,
      env: { ...process.env, SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network" },
    });
    this.process = child;
    this.starts++;
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.lastEnd = `: it ended at ${new Date().toISOString()} with ${code ?? signal}; ${this.consoleTail()}`;
        // What its end has left running would keep disks busy.
        this.group.kill();
        this.process = undefined;
        resolve();
        if (!this.shallRun) return;
        if (code === REBOOT_EXIT_CODE) void this.launch(account).catch((error: Error) => this.noteFailure(error));
        else {
          this.shallRun = false;
          this.onOff();
        }
      });
    });
    const started = this.starts;
    await waitFor(() => this.leader() ?? (this.starts !== started || !this.isOn), {
      timeout: LEADER_TIMEOUT,
      what: `the first process of ${this.name}`,
      interval: 20,
    });
    if (!this.isOn) throw new Error(`${this.name} ended while starting: ${this.consoleTail()}`);
    const rootDisk = {
      name: "nvme0n1",
      byId: `nvme-Amazon_Elastic_Block_Store_volroot${shortId(this.id)}`,
      disk: this.rootDisk,
    };
    const decoy = {
      name: "nvme1n1",
      byId: `nvme-Amazon_EC2_NVMe_Instance_Storage_${shortId(this.id)}`,
      disk: this.decoy,
    };
    for (const disk of [rootDisk, decoy, ...this.disks]) await this.present(disk);
  }

  private async present({ name, byId, disk }: AttachedDisk): Promise<void> {
    const { major, minor } = await disk.open();
    const leader = this.leader();
    if (!leader) return;
    const script =
      'mkdir -p /dev/disk/by-id && rm -f "/dev/$1" && mknod -m 0660 "/dev/$1" b "$3" "$4" && ' +
      'chgrp disk "/dev/$1" && ln -sfn "../../$1" "/dev/disk/by-id/$2"';
    await run([
      ...["nsenter", "--target", String(leader), "--mount", "--", "/bin/sh", "-c", script, "sh"],
      ...[name, byId, String(major), String(minor)],
    ]);
  }

  private noteFailure(error: Error): void {
    writeFileSync(this.consoleLog, `\nthe lab could not start the machine again: ${error.stack}\n`, { flag: "a" });
    this.shallRun = false;
    this.onOff();
  }

  /** The last of what it showed on its console. */
  public console(bytes: number): string {
    return existsSync(this.consoleLog) ? readFileSync(this.consoleLog).subarray(-bytes).toString("utf8") : "";
  }

  private consoleTail(): string {
    return this.console(2000);
  }
}
