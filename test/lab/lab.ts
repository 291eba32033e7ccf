import { EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from "fs";
import { Server } from "net";
import { join } from "path";
import { Emulator } from "../emulator/emulator";
import { Terraform } from "../support/terraform";
import { Account, addressIn, Instance, resolverAddress, Volume } from "./account";
import { AccountReader } from "./account-reader";
import { createAuthority } from "./authority";
import { BaseImage, ensureBaseImage } from "./base-image";
import { CommandOptions, CommandResult, tryRun } from "./command";
import { ControlGroup } from "./control-group";
import { Disk } from "./disk";
import { ADMINISTRATOR, EmulatorClients } from "../emulator/clients";
import { AccountEvent, answerQuestions, listenForEvents } from "./events";
import { Fabric } from "./fabric";
import { Guardian } from "./guardian";
import { availableMemory, labUnavailableReason } from "./host";
import { Machine } from "./machine";
import { memoryRefusal } from "./memory-check";
import { API_ADDRESS, LabNamespace, METADATA_ADDRESS, RESOLVER_ADDRESS } from "./namespace";
import { PacketTap } from "./packet-tap";
import { openRelay, Relay } from "./relay";
import { endpointInterfaces, SecurityGroups } from "./security-groups";
import { createRun, sweepRun, sweepStaleRuns } from "./sweep";
import { trustLayers } from "./trust";
import { waitFor, WaitOptions } from "./wait-for";

export interface LabOptions {
  /** Default `eu-west-1`. */
  readonly region?: string;
  /** Milliseconds between the call that attaches a volume and its appearance in the machine; default 2,000. */
  readonly volumeDelay?: number;
  /** Whether services that are written in Java compile little: a small host starts them sooner. Default false. */
  readonly quickJava?: boolean;
  /** Told what happens, a line each. */
  readonly onProgress?: (line: string) => void;
}

/** The emulator names the root device of an image and that of its volume differently at times. */
const ROOT_DEVICES = ["/dev/xvda", "/dev/sda1"];
const ON = ["pending", "running"];
const DEFAULT_VOLUME_DELAY = 2000;
let runs = 0;

/**
 * A small data centre on this machine: what is applied to it by Terraform is booted, wired and firewalled while
 * the apply goes on. Whatever happens, `stop` (or the end of this process) leaves nothing of it.
 */
export class Lab {
  /** Starts it: namespace, emulator, servers; no machine yet. */
  public static async start(options: LabOptions = {}): Promise<Lab> {
    const reason = await labUnavailableReason();
    if (reason) throw new Error(reason);
    sweepStaleRuns();
    const image = await ensureBaseImage(options.onProgress);
    const lab = new Lab(`cf-${process.pid}${runs > 0 ? `x${runs}` : ""}`, image, options);
    runs++;
    try {
      await lab.build();
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  public readonly region: string;
  /** Folder of this run: disks, logs, sockets. Gone after `stop`. */
  public readonly folder: string;
  /** Every event of the account, in order. */
  public readonly events: AccountEvent[] = [];
  public readonly securityGroups: SecurityGroups;
  private readonly namespace: LabNamespace;
  private readonly group: ControlGroup;
  private readonly volumeDelay: number;
  private readonly played = new Map<string, Machine>();
  private readonly disks = new Map<string, Disk>();
  /** The machine that each volume is or shall soon be plugged into. */
  private readonly plugged = new Map<string, Machine>();
  /** Machines that were told to stop since the account was last read, even if they run again in it. */
  private readonly stopOrders = new Set<string>();
  private readonly rebootOrders = new Set<string>();
  /** What is being done with each machine; the next thing waits for it. */
  private readonly busy = new Map<string, Promise<void>>();
  private readonly servers: Server[] = [];
  private readonly onExit = () => sweepRun(this.name);
  private onNextInterrupt?: () => void;
  private readonly onSignal = (signal: NodeJS.Signals) => {
    if (signal === "SIGINT" && this.onNextInterrupt) return this.onNextInterrupt();
    sweepRun(this.name);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  private guardian?: Guardian;
  private emulator?: Emulator;
  private clients?: EmulatorClients;
  private reader?: AccountReader;
  private fabric?: Fabric;
  private layers: readonly string[] = [];
  private account?: Account;
  private memoryAtStart = 0;
  private dirty = false;
  private syncing: Promise<void> | undefined;
  private failures: Error[] = [];
  private stopped = false;

  private constructor(
    /** Name of this run: of its namespace, folder and cgroup. */
    public readonly name: string,
    private readonly image: BaseImage,
    private readonly options: LabOptions,
  ) {
    this.region = options.region ?? "eu-west-1";
    this.volumeDelay = options.volumeDelay ?? DEFAULT_VOLUME_DELAY;
    process.on("exit", this.onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, this.onSignal);
    sweepRun(name);
    this.folder = createRun(name);
    this.namespace = new LabNamespace(name);
    this.group = new ControlGroup(name);
    this.securityGroups = new SecurityGroups(this.namespace);
  }

  /** PEM file of the authority that signs AWS's endpoints here. */
  public get authorityFile(): string {
    return join(this.folder, "authority.pem");
  }

  /** A line of JSON per API call that went through the endpoints. */
  public get accessLog(): string {
    return join(this.folder, "calls.jsonl");
  }

  /** A line for each statement of a policy that was ever in force. */
  public get statementFile(): string {
    return join(this.folder, "statements.txt");
  }

  /** S3 as administrator, from the host. */
  public s3(): S3Client {
    return this.started().clients.s3;
  }

  /** EC2 as administrator, from the host. */
  public ec2(): EC2Client {
    return this.started().clients.ec2;
  }

  /** All clients as administrator, from the host. */
  public aws(): EmulatorClients {
    return this.started().clients;
  }

  /** The machine of this name (tag `Name`) or instance id. */
  public machine(name: string): Machine {
    const found = this.machines().find((machine) => machine.name === name || machine.id === name);
    if (!found)
      throw new Error(
        `no machine ${name}; there are ${
          this.machines()
            .map((one) => one.name)
            .join(", ") || "none"
        }`,
      );
    return found;
  }

  /** Every machine that is there, on or off, by name. */
  public machines(): Machine[] {
    return [...this.played.values()].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  /**
   * Terraform for a folder, inside the lab's network, with a production provider block. Initializing goes on
   * outside of it, as that may have to download providers.
   */
  public async terraform(dir: string): Promise<Terraform> {
    await new Terraform(dir).init();
    const wrapper = join(this.folder, "terraform");
    const [shell, ...args] = this.group.wrap(this.namespace.wrap(["terraform"]));
    const quoted = [shell, ...args].map((part) => `'${part.replace(/'/g, `'\\''`)}'`).join(" ");
    writeFileSync(wrapper, `#!/bin/sh\nexec ${quoted} "$@"\n`);
    chmodSync(wrapper, 0o755);
    return new Terraform(dir, { binary: wrapper, env: this.environment() });
  }

  /** Runs a program in the lab's network, as the operator. */
  public exec(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return tryRun(this.group.wrap(this.namespace.wrap(argv)), {
      ...options,
      env: { ...this.environment(), ...options.env },
    });
  }

  /** What a program of the operator needs to speak to AWS here. */
  public environment(): Record<string, string> {
    return {
      AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ADMINISTRATOR.secretAccessKey,
      AWS_REGION: this.region,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CA_BUNDLE: this.authorityFile,
      NODE_EXTRA_CA_CERTS: this.authorityFile,
      SSL_CERT_FILE: this.authorityFile,
    };
  }

  /**
   * A door on loopback to a port of a machine, as a session manager's port forwarding gives: the connection
   * comes from the machine itself and passes no security group.
   */
  public relay(localPort: number, machineName: string, port: number, host?: string): Promise<Relay> {
    const machine = this.machine(machineName);
    return openRelay({
      folder: this.folder,
      group: this.group,
      wrap: (argv) => machine.wrapInNetwork(argv),
      localPort,
      host: host ?? this.addressOf(machine),
      port,
    });
  }

  /** The private address of a machine. */
  public addressOf(machine: Machine): string {
    const account = this.started().account;
    const instance = account.instances.find((one) => one.id === machine.id);
    const found = account.interfaces.find((one) => one.id === instance?.interfaceId);
    if (!found) throw new Error(`${machine.name} has no address`);
    return found.address;
  }

  /** Pulls the network cable of a machine. */
  public cut(machine: Machine): Promise<void> {
    return this.securityGroups.cut(this.addressOf(machine));
  }

  /** Plugs the network cable of a machine in again. */
  public heal(machine: Machine): Promise<void> {
    return this.securityGroups.heal(this.addressOf(machine));
  }

  /** Switches a machine on again whose power was cut; the account never knew that it was off. */
  public async powerOn(machine: Machine): Promise<void> {
    const { account, reader } = this.started();
    const instance = account.instances.find((one) => one.id === machine.id);
    if (!instance) throw new Error(`${machine.name} is no longer in the account`);
    await machine.boot(account, instance, await reader.memoryOf(instance.type));
  }

  /** Begins to write down every packet of every machine's link, of those too that are switched on later. */
  public tapLinks(name: string): Promise<PacketTap> {
    return PacketTap.start(join(this.folder, `${name}.pcap`), (argv) => this.group.wrap(this.namespace.wrap(argv)));
  }

  /** Packets that tried to leave the lab. */
  public escapedPackets(): Promise<number> {
    return this.namespace.escapedPackets();
  }

  /** Waits for a condition; gives up at once if the lab itself has failed. */
  public waitFor<T>(
    condition: () => T | undefined | false | Promise<T | undefined | false>,
    options: WaitOptions,
  ): Promise<T> {
    type Seen = { readonly failure: Error } | { readonly value: T };
    const look = async (): Promise<Seen | undefined> => {
      if (this.failures.length > 0) return { failure: this.failures[0] };
      const value = await condition();
      return value === undefined || value === false ? undefined : { value };
    };
    return waitFor(look, options).then((seen) => {
      if ("failure" in seen) throw seen.failure;
      return seen.value;
    });
  }

  /** Resolves when what the account holds is what is played. Fails if that could not be done. */
  public async settled(): Promise<void> {
    await this.sync();
    while (this.syncing || this.busy.size > 0) {
      await this.syncing;
      await Promise.all(this.busy.values());
    }
    if (this.failures.length > 0) throw this.failures[0];
  }

  /** Leaves the next Ctrl-C to the caller; the one after it ends the lab again. */
  public nextInterrupt(): Promise<void> {
    return new Promise((resolve) => {
      this.onNextInterrupt = () => {
        this.onNextInterrupt = undefined;
        resolve();
      };
    });
  }

  /** Ends everything. Nothing is left but the base image. May be called at any time and again. */
  public async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    for (const server of this.servers) server.close();
    await this.emulator?.stop().catch(() => undefined);
    sweepRun(this.name);
    process.off("exit", this.onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, this.onSignal);
    await this.guardian?.dismiss();
    await this.image.release();
  }

  private async build(): Promise<void> {
    this.memoryAtStart = availableMemory();
    this.guardian = await Guardian.start(this.folder, this.name);
    this.group.create();
    const socket = (name: string) => join(this.folder, `${name}.sock`);
    const authority = await createAuthority();
    writeFileSync(this.authorityFile, authority.certificate);
    this.servers.push(
      await listenForEvents(socket("events"), (event) => this.onEvent(event)),
      await answerQuestions(socket("questions"), (question, about) => this.answer(question, about)),
    );
    const [layers] = await Promise.all([
      trustLayers(join(this.folder, "trust"), this.image.tree, authority.certificate),
      this.namespace.create(),
    ]);
    this.layers = layers;
    const emulatorFolder = join(this.folder, "emulator");
    mkdirSync(emulatorFolder);
    const [emulator] = await Promise.all([
      Emulator.start({
        dir: emulatorFolder,
        namespace: this.name,
        loopback: false,
        events: socket("events"),
        questions: socket("questions"),
      }),
      this.securityGroups.create(),
    ]);
    this.emulator = emulator;
    this.group.add(emulator.pid);
    this.clients = new EmulatorClients(this.region, emulator.socketPath);
    this.reader = new AccountReader(this.region, this.clients.ec2, this.clients.route53);
    this.fabric = await Fabric.start(this.folder, this.namespace, this.group, {
      region: this.region,
      emulatorSocket: emulator.socketPath,
      accessLog: this.accessLog,
      authority,
      statementFile: this.statementFile,
    });
    await this.settled();
  }

  private started() {
    const { account, clients, reader, fabric } = this;
    if (!account || !clients || !reader || !fabric || this.stopped) throw new Error("the lab is not running");
    return { account, clients, reader, fabric };
  }

  private onEvent(event: AccountEvent): void {
    this.events.push(event);
    appendFileSync(join(this.folder, "events.jsonl"), `${JSON.stringify(event)}\n`);
    const instances = event.ids.filter((id) => id.startsWith("i-"));
    if (event.action === "StopInstances") instances.forEach((id) => this.stopOrders.add(id));
    if (event.action === "RebootInstances") instances.forEach((id) => this.rebootOrders.add(id));
    void this.sync();
  }

  private async answer(question: string, about: Readonly<Record<string, string>>): Promise<boolean> {
    if (question !== "volume-in-use") throw new Error(`the lab cannot answer ${question}`);
    const machine = this.played.get(about.instanceId);
    const disk = this.disks.get(about.volumeId);
    return machine !== undefined && disk !== undefined && machine.isOn && (await machine.isMounted(disk));
  }

  /** Brings what is played in line with the account; calls while it works make it look once more. */
  private sync(): Promise<void> {
    this.dirty = true;
    this.syncing ??= this.syncUntilClean().finally(() => (this.syncing = undefined));
    return this.syncing;
  }

  private async syncUntilClean(): Promise<void> {
    while (this.dirty && !this.stopped) {
      this.dirty = false;
      try {
        await this.syncOnce();
      } catch (error) {
        this.fail(error as Error);
      }
    }
  }

  private async syncOnce(): Promise<void> {
    const { reader, fabric } = this;
    if (!reader || !fabric) return;
    const stopOrders = new Set(this.stopOrders);
    const rebootOrders = new Set(this.rebootOrders);
    stopOrders.forEach((id) => this.stopOrders.delete(id));
    rebootOrders.forEach((id) => this.rebootOrders.delete(id));
    stopOrders.forEach((id) => reader.forgetUserData(id));
    const account = await reader.read();
    await this.playServices(account);
    this.account = account;
    this.playInstances(account, stopOrders, rebootOrders);
    this.playVolumes(account);
  }

  /** Addresses, names and firewall: before any machine that needs them. */
  private async playServices(account: Account): Promise<void> {
    const s3List = account.prefixLists.find((list) => list.name.endsWith(".s3"));
    if (!s3List) throw new Error("the emulator has no prefix list of S3");
    const s3Address = addressIn(s3List.cidrs[0], 1);
    const resolverAddresses = [RESOLVER_ADDRESS, ...account.vpcs.map((vpc) => resolverAddress(vpc.cidr))];
    const endpointAddresses = [s3Address, API_ADDRESS, ...endpointInterfaces(account).map((one) => one.address)];
    for (const address of [...resolverAddresses, ...endpointAddresses]) await this.addAddress(address);
    const played = new Set(account.instances.map((instance) => instance.interfaceId));
    await this.securityGroups.apply({ account, played, s3Addresses: [s3Address] });
    await this.fabric!.apply({ account, s3Address, resolverAddresses, endpointAddresses });
  }

  private readonly addresses = new Set<string>([METADATA_ADDRESS, RESOLVER_ADDRESS, API_ADDRESS]);

  private async addAddress(address: string): Promise<void> {
    if (this.addresses.has(address)) return;
    await this.namespace.addAddress(address);
    this.addresses.add(address);
  }

  private playInstances(account: Account, stopOrders: ReadonlySet<string>, rebootOrders: ReadonlySet<string>): void {
    for (const instance of account.instances) {
      let machine = this.played.get(instance.id);
      if (!machine) {
        const { namespace, folder, layers, options } = this;
        machine = new Machine({ namespace, folder, layers, quickJava: options.quickJava ?? false }, instance);
        this.played.set(instance.id, machine);
        machine.whenOff(() => void this.stoppedFromInside(instance.id));
        this.do(machine, "boots", () => this.boot(account, instance, machine!));
        continue;
      }
      const one = machine;
      if (stopOrders.has(instance.id) || !ON.includes(instance.state)) {
        if (this.wanted.get(instance.id) !== "off" || stopOrders.has(instance.id)) {
          this.wanted.set(instance.id, "off");
          this.do(one, "stops", () => one.stop());
        }
      }
      if (ON.includes(instance.state) && this.wanted.get(instance.id) === "off") {
        this.wanted.set(instance.id, "on");
        this.do(one, "starts", () => this.boot(this.account ?? account, instance, one));
      }
      if (rebootOrders.has(instance.id)) this.do(one, "reboots", () => one.reboot());
    }
    for (const [id, machine] of this.played) {
      if (account.instances.some((instance) => instance.id === id)) continue;
      this.played.delete(id);
      this.do(machine, "is terminated", async () => {
        await machine.destroy();
      });
    }
  }

  /** What was last ordered for each machine. One whose power was cut is still wanted on. */
  private readonly wanted = new Map<string, "on" | "off">();

  private async boot(account: Account, instance: Instance, machine: Machine): Promise<void> {
    const { reader } = this.started();
    const sizes = account.instances
      .filter((one) => one.id === instance.id || this.played.get(one.id)?.isOn)
      .map(async (one) => ({ name: one.name, type: one.type, bytes: await reader.memoryOf(one.type) }));
    const demands = await Promise.all(sizes);
    const refusal = memoryRefusal(demands, this.memoryAtStart);
    if (refusal) throw new Error(refusal);
    await machine.boot(account, instance, await reader.memoryOf(instance.type));
  }

  private playVolumes(account: Account): void {
    for (const volume of account.volumes) {
      const machine = volume.attachment && this.played.get(volume.attachment.instanceId);
      const instance = account.instances.find((one) => one.id === machine?.id);
      // The root volume is the machine's own disk.
      if (!machine || !instance || isRoot(volume, instance)) continue;
      let disk = this.disks.get(volume.id);
      if (!disk) {
        mkdirSync(join(this.folder, "volumes"), { recursive: true });
        disk = new Disk(join(this.folder, "volumes", `${volume.id}.img`), volume.gibibytes * 1024 ** 3);
        this.disks.set(volume.id, disk);
      }
      if (this.plugged.get(volume.id) === machine) continue;
      this.plugged.set(volume.id, machine);
      this.plugInLate(machine, volume.id, disk);
    }
    for (const [id, disk] of this.disks) {
      const volume = account.volumes.find((one) => one.id === id);
      const owner = volume?.attachment?.instanceId;
      if (this.plugged.get(id)?.id !== owner) this.plugged.delete(id);
      for (const machine of this.played.values()) {
        if (machine.id !== owner && machine.has(disk)) this.do(machine, `loses ${id}`, () => machine.detach(disk));
      }
      if (!volume) this.disks.delete(id);
    }
  }

  private plugInLate(machine: Machine, volumeId: string, disk: Disk): void {
    const plugIn = async () => {
      // It may have been taken away again meanwhile.
      if (this.plugged.get(volumeId) === machine && !machine.has(disk)) await machine.attach(volumeId, disk);
    };
    setTimeout(() => this.do(machine, `gets ${volumeId}`, plugIn), this.volumeDelay).unref();
  }

  /** One thing after the other for each machine; different machines at once. */
  private do(machine: Machine, what: string, act: () => Promise<void>): void {
    if (this.stopped) return;
    const before = this.busy.get(machine.id) ?? Promise.resolve();
    const now = before
      .then(() => {
        if (this.stopped) return;
        this.options.onProgress?.(`${machine.name} ${what}`);
        return act();
      })
      .catch((error: Error) => this.fail(new Error(`${machine.name} ${what}: ${error.message}`, { cause: error })))
      .finally(() => {
        if (this.busy.get(machine.id) === now) this.busy.delete(machine.id);
      });
    this.busy.set(machine.id, now);
  }

  /** An instance that is shut down from inside is a stopped instance, as EC2 has it by default. */
  private async stoppedFromInside(id: string): Promise<void> {
    if (this.stopped || !this.played.has(id)) return;
    this.wanted.set(id, "off");
    await this.started()
      .clients.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))
      .catch((error: Error) => this.fail(error));
  }

  private fail(error: Error): void {
    if (this.stopped) return;
    this.failures.push(error);
    this.options.onProgress?.(`the lab failed: ${error.message}`);
  }
}

function isRoot(volume: Volume, instance: Instance): boolean {
  const device = volume.attachment?.device ?? "";
  return device === instance.rootDeviceName || ROOT_DEVICES.includes(device);
}
