import { EC2Client } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { ChildProcess, spawn } from "child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } from "fs";
import { Server } from "net";
import { join } from "path";
import { Emulator } from "../emulator/emulator";
import { Terraform } from "../support/terraform";
import type { Account } from "./account";
import { AccountReader } from "./account-reader";
import { createAuthority, Issuer, KeyAndCertificate } from "./authority";
import { BaseImage, ensureBaseImage } from "./base-image";
import { CommandOptions, CommandResult, tryRun } from "./command";
import { ControlGroup } from "./control-group";
import { ADMINISTRATOR, EmulatorClients } from "../emulator/clients";
import { AccountEvent, answerQuestions, listenForEvents } from "./events";
import { Fabric } from "./fabric";
import { agentSocket } from "./fabric/session-manager";
import { FunctionPlace } from "./functions/function-place";
import { FunctionCall, Functions } from "./functions/functions";
import { Guardian } from "./guardian";
import type { IssuedKey } from "./judge/principals";
import { availableMemory, labUnavailableReason } from "./host";
import { Machine } from "./machine";
import { LabNamespace } from "./namespace";
import { PacketTap } from "./packet-tap";
import { Player } from "./player";
import { PublishedImage, PublishedImages } from "./published-images";
import { openRelay, Relay } from "./relay";
import { SecurityGroups } from "./security-groups";
import { installLabPlugin } from "./session-manager/install-plugin";
import { startSessionAgent } from "./session-manager/session-agent";
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
  /** How much more memory machines may have together than the host has left, where jobs keep little; default 1.5. */
  readonly overcommit?: number;
  /** Path of the Node.js that functions of AWS Lambda run by. Default: the one that this runs by. */
  readonly functionsNodeJs?: string;
  /** Told what happens, a line each. */
  readonly onProgress?: (line: string) => void;
}

const DEFAULT_VOLUME_DELAY = 2000;
/** What EC2 gives of a machine's console. */
const CONSOLE_BYTES = 64 * 1024;
/** An apply may wait for machine after machine to be changed under running jobs. */
const LONGEST_TERRAFORM_SECONDS = 45 * 60;
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
  private readonly images: PublishedImages;
  private readonly servers: Server[] = [];
  private readonly onExit = () => sweepRun(this.name);
  private onNextInterrupt?: () => void;
  private readonly onSignal = (signal: NodeJS.Signals) => {
    if (signal === "SIGINT" && this.onNextInterrupt) return this.onNextInterrupt();
    console.error(`\n${signal}: the machines and all else of the lab are taken away`);
    sweepRun(this.name);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  private guardian?: Guardian;
  private emulator?: Emulator;
  private clients?: EmulatorClients;
  private issuer?: Issuer;
  private player?: Player;
  private functions?: Functions;
  private stopped = false;

  private constructor(
    /** Name of this run: of its namespace, folder and cgroup. */
    public readonly name: string,
    private readonly image: BaseImage,
    private readonly options: LabOptions,
  ) {
    this.region = options.region ?? "eu-west-1";
    process.on("exit", this.onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, this.onSignal);
    sweepRun(name);
    this.folder = createRun(name);
    this.namespace = new LabNamespace(name);
    this.group = new ControlGroup(name);
    this.images = new PublishedImages(join(this.folder, "images"), image.tree);
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

  /** A certificate for a server that is none of AWS's, by the authority that every machine trusts. */
  public certificateFor(name: string): Promise<KeyAndCertificate> {
    return this.started().issuer.certificateFor(name);
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
    return this.player?.machines() ?? [];
  }

  /** What the account holds, once it is played. */
  public account(): Promise<Account> {
    return this.started().player.settledAccount();
  }

  /** Where a function of AWS Lambda runs that was called already, by its name. */
  public functionPlace(name: string): FunctionPlace {
    return this.started().functions.place(name);
  }

  /** The credentials that the last call of a function had. */
  public functionKey(name: string): IssuedKey {
    return this.started().functions.key(name);
  }

  /**
   * Terraform for a folder, inside the lab's network, with a production provider block. Initializing goes on
   * outside of it, as that may have to download providers.
   */
  public async terraform(dir: string): Promise<Terraform> {
    await new Terraform(dir).init();
    const timeoutSeconds = LONGEST_TERRAFORM_SECONDS;
    return new Terraform(dir, { binary: this.terraformInNetwork(), env: this.environment(), timeoutSeconds });
  }

  /** Runs a program in the lab's network, as the operator. */
  public exec(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return tryRun(this.group.wrap(this.namespace.wrap(argv)), {
      ...options,
      env: { ...this.environment(), ...options.env },
    });
  }

  /** The same of a program that runs until somebody ends it; its output comes by pipes, and it has no input. */
  public begin(argv: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): ChildProcess {
    const [command, ...args] = this.group.wrap(this.namespace.wrap(argv));
    const own = { ...process.env, ...this.environment(), ...env };
    return spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: own, cwd });
  }

  /** Lays the stand-in for `session-manager-plugin` down; gives the folder to be put on the PATH. */
  public sessionManagerPlugin(): Promise<string> {
    return installLabPlugin(this.folder, this.agents);
  }

  /**
   * Makes a machine one that Session Manager leads to, for whoever may begin sessions with it. What a session reaches is
   * what the machine reaches, through its security groups.
   */
  public joinSessionManager(machine: Machine): Promise<void> {
    return startSessionAgent({
      ...{ folder: this.folder, group: this.group, socket: agentSocket(this.agents, machine.id) },
      wrap: (argv) => machine.wrapInNetwork(argv),
    });
  }

  /** Where the agents of Session Manager listen. */
  private get agents(): string {
    return join(this.folder, "agents");
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

  /** Has Debian publish a newer image: whoever asks for the newest one is given it from now on. */
  public publishImage(): PublishedImage {
    return this.images.publish(new Date());
  }

  /** The private address of a machine. */
  public addressOf(machine: Machine): string {
    return this.started().player.addressOf(machine);
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
  public powerOn(machine: Machine): Promise<void> {
    return this.started().player.powerOn(machine);
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
      const failure = this.player?.failure;
      if (failure) return { failure };
      const value = await condition();
      return value === undefined || value === false ? undefined : { value };
    };
    return waitFor(look, options).then((seen) => {
      if ("failure" in seen) throw seen.failure;
      return seen.value;
    });
  }

  /** Resolves when what the account holds is what is played. Fails if that could not be done. */
  public settled(): Promise<void> {
    return this.started().player.settled();
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
    this.player?.stop();
    for (const server of this.servers) server.close();
    await this.emulator?.stop().catch(() => undefined);
    sweepRun(this.name);
    process.off("exit", this.onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, this.onSignal);
    await this.guardian?.dismiss();
    await this.image.release();
  }

  /** Written once: a shell that begins just as its script is written anew finds none of it, and has nothing to do. */
  private terraformInNetwork(): string {
    const wrapper = join(this.folder, "terraform");
    if (existsSync(wrapper)) return wrapper;
    const [shell, ...args] = this.group.wrap(this.namespace.wrap(["terraform"]));
    const quoted = [shell, ...args].map((part) => `'${part.replace(/'/g, `'\\''`)}'`).join(" ");
    writeFileSync(wrapper, `#!/bin/sh\nexec ${quoted} "$@"\n`);
    chmodSync(wrapper, 0o755);
    return wrapper;
  }

  private async build(): Promise<void> {
    const memoryAtStart = availableMemory();
    this.guardian = await Guardian.start(this.folder, this.name);
    this.group.create();
    const socket = (name: string) => join(this.folder, `${name}.sock`);
    const authority = await createAuthority();
    writeFileSync(this.authorityFile, authority.certificate);
    this.issuer = new Issuer(authority);
    this.servers.push(
      await listenForEvents(socket("events"), (event) => this.onEvent(event)),
      await answerQuestions(socket("questions"), (question, about) => this.answer(question, about)),
    );
    const [layers] = await Promise.all([
      trustLayers(join(this.folder, "trust"), this.image.tree, authority.certificate),
      this.namespace.create(),
    ]);
    const emulatorFolder = join(this.folder, "emulator");
    mkdirSync(emulatorFolder);
    const [emulator] = await Promise.all([
      Emulator.start({
        dir: emulatorFolder,
        namespace: this.name,
        loopback: false,
        events: socket("events"),
        questions: socket("questions"),
        images: this.images.file,
      }),
      this.securityGroups.create(),
    ]);
    this.emulator = emulator;
    this.group.add(emulator.pid);
    this.clients = new EmulatorClients(this.region, emulator.socketPath);
    const fabric = await Fabric.start(this.folder, this.namespace, this.group, {
      region: this.region,
      emulatorSocket: emulator.socketPath,
      accessLog: this.accessLog,
      authority,
      statementFile: this.statementFile,
      agents: this.agents,
    });
    const { namespace, folder, securityGroups, clients, options, images } = this;
    const machines = { namespace, folder, layers, images, quickJava: options.quickJava ?? false };
    const player = new Player({
      machines,
      reader: new AccountReader(this.region, clients.ec2, clients.route53),
      fabric,
      securityGroups,
      ec2: clients.ec2,
      memoryAtStart,
      overcommit: options.overcommit,
      volumeDelay: options.volumeDelay ?? DEFAULT_VOLUME_DELAY,
      onProgress: (line) => options.onProgress?.(line),
    });
    this.player = player;
    this.functions = new Functions({
      ...{ machines, fabric, region: this.region, nodeJs: options.functionsNodeJs ?? process.execPath },
      account: () => player.settledAccount(),
    });
    await this.settled();
  }

  private started() {
    const { clients, player, functions, issuer } = this;
    if (!clients || !player || !functions || !issuer || this.stopped) throw new Error("the lab is not running");
    return { clients, player, functions, issuer };
  }

  private onEvent(event: AccountEvent): void {
    this.events.push(event);
    appendFileSync(join(this.folder, "events.jsonl"), `${JSON.stringify(event)}\n`);
    this.player?.onEvent(event);
  }

  private async answer(question: string, about: object): Promise<unknown> {
    switch (question) {
      case "volume-in-use": {
        const { volumeId, instanceId } = about as { readonly volumeId: string; readonly instanceId: string };
        return (await this.player?.isVolumeInUse(volumeId, instanceId)) ?? false;
      }
      case "machine-console":
        return this.machine((about as { readonly instanceId: string }).instanceId).console(CONSOLE_BYTES);
      case "function-answer":
        return this.started().functions.answer(about as FunctionCall);
      default:
        throw new Error(`the lab cannot answer ${question}`);
    }
  }
}
