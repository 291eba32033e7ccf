import { EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { join } from "path";
import { Account, addressIn, Instance, resolverAddress } from "./account";
import { AccountReader } from "./account-reader";
import { AccountEvent } from "./events";
import { Fabric } from "./fabric";
import { Machine, MachineContext } from "./machine";
import { MachineTasks } from "./machine-tasks";
import { memoryRefusal } from "./memory-check";
import { API_ADDRESS, METADATA_ADDRESS, RESOLVER_ADDRESS } from "./namespace";
import { endpointInterfaces, SecurityGroups } from "./security-groups";
import { Volumes } from "./volumes";

const ON = ["pending", "running"];

/** What an account is played with. */
export interface Stage {
  readonly machines: MachineContext;
  readonly reader: AccountReader;
  readonly fabric: Fabric;
  readonly securityGroups: SecurityGroups;
  readonly ec2: EC2Client;
  /** Bytes that were free before anything ran. */
  readonly memoryAtStart: number;
  /** How much more memory machines may have together than the host has left; absent: the usual. */
  readonly overcommit?: number;
  /** Milliseconds between the call that attaches a volume and its appearance in the machine. */
  readonly volumeDelay: number;
  readonly onProgress: (line: string) => void;
}

/** Boots, wires and firewalls what an account holds, as it changes. */
export class Player {
  private readonly tasks: MachineTasks;
  private readonly volumes: Volumes;
  private readonly played = new Map<string, Machine>();
  /** What was last ordered for each machine. One whose power was cut is still wanted on. */
  private readonly wanted = new Map<string, "on" | "off">();
  /** Machines that were told to stop since the account was last read, even if they run again in it. */
  private readonly stopOrders = new Set<string>();
  private readonly rebootOrders = new Set<string>();
  /** Machines that are terminated, and may have not let go yet of what another one gets. */
  private readonly leaving = new Set<Machine>();
  private readonly addresses = new Set<string>([METADATA_ADDRESS, RESOLVER_ADDRESS, API_ADDRESS]);
  private account?: Account;
  private dirty = false;
  private syncing: Promise<void> | undefined;

  public constructor(private readonly stage: Stage) {
    this.tasks = new MachineTasks(stage.onProgress);
    this.volumes = new Volumes(join(stage.machines.folder, "volumes"), stage.volumeDelay, this.tasks);
  }

  /** Every machine that is there, on or off, by name. */
  public machines(): Machine[] {
    return [...this.played.values()].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  /** The first thing that could not be done, if there is one. */
  public get failure(): Error | undefined {
    return this.tasks.failure;
  }

  /** The private address of a machine. */
  public addressOf(machine: Machine): string {
    const instance = this.instanceOf(machine);
    const found = this.account?.interfaces.find((one) => one.id === instance?.interfaceId);
    if (!found) throw new Error(`${machine.name} has no address`);
    return found.address;
  }

  /** Switches a machine on again whose power was cut; the account never knew that it was off. */
  public async powerOn(machine: Machine): Promise<void> {
    const instance = this.instanceOf(machine);
    if (!this.account || !instance) throw new Error(`${machine.name} is no longer in the account`);
    await machine.boot(this.account, instance, await this.stage.reader.memoryOf(instance.type));
  }

  /** Whether the machine of an instance has mounted a volume. */
  public isVolumeInUse(volumeId: string, instanceId: string): Promise<boolean> {
    return this.volumes.isInUse(volumeId, this.played.get(instanceId));
  }

  /** Takes note that something in the account has changed. */
  public onEvent(event: AccountEvent): void {
    const instances = event.ids.filter((id) => id.startsWith("i-"));
    if (event.action === "StopInstances") instances.forEach((id) => this.stopOrders.add(id));
    if (event.action === "RebootInstances") instances.forEach((id) => this.rebootOrders.add(id));
    void this.sync();
  }

  /** Resolves when what the account holds is what is played. Fails if that could not be done. */
  public async settled(): Promise<void> {
    await this.sync();
    while (this.syncing || !this.tasks.areDone) {
      await this.syncing;
      await this.tasks.ended();
    }
    if (this.failure) throw this.failure;
  }

  /** What the account holds, once it is played. */
  public async settledAccount(): Promise<Account> {
    await this.settled();
    return this.account!;
  }

  /** Begins nothing any more. */
  public stop(): void {
    this.tasks.stop();
  }

  private instanceOf(machine: Machine): Instance | undefined {
    return this.account?.instances.find((one) => one.id === machine.id);
  }

  /** Brings what is played in line with the account; calls while it works make it look once more. */
  private sync(): Promise<void> {
    this.dirty = true;
    this.syncing ??= this.syncUntilClean().finally(() => (this.syncing = undefined));
    return this.syncing;
  }

  private async syncUntilClean(): Promise<void> {
    while (this.dirty && !this.tasks.isStopped) {
      this.dirty = false;
      try {
        await this.syncOnce();
      } catch (error) {
        this.tasks.fail(error as Error);
      }
    }
  }

  private async syncOnce(): Promise<void> {
    const { reader } = this.stage;
    const stopOrders = new Set(this.stopOrders);
    const rebootOrders = new Set(this.rebootOrders);
    stopOrders.forEach((id) => this.stopOrders.delete(id));
    rebootOrders.forEach((id) => this.rebootOrders.delete(id));
    stopOrders.forEach((id) => reader.forgetUserData(id));
    const account = await reader.read();
    await this.playServices(account);
    this.account = account;
    this.playInstances(account, stopOrders, rebootOrders);
    this.volumes.play(account, this.played);
  }

  /** Addresses, names and firewall: before any machine that needs them. */
  private async playServices(account: Account): Promise<void> {
    const { securityGroups, fabric } = this.stage;
    const s3List = account.prefixLists.find((list) => list.name.endsWith(".s3"));
    if (!s3List) throw new Error("the emulator has no prefix list of S3");
    const s3Address = addressIn(s3List.cidrs[0], 1);
    const resolverAddresses = [RESOLVER_ADDRESS, ...account.vpcs.map((vpc) => resolverAddress(vpc.cidr))];
    const endpointAddresses = [s3Address, API_ADDRESS, ...endpointInterfaces(account).map((one) => one.address)];
    for (const address of [...resolverAddresses, ...endpointAddresses]) await this.addAddress(address);
    const ofFunctions = account.interfaces.filter(({ ofFunction }) => ofFunction !== undefined);
    const played = new Set([
      ...account.instances.map((instance) => instance.interfaceId),
      ...ofFunctions.map(({ id }) => id),
    ]);
    await securityGroups.apply({ account, played, s3Addresses: [s3Address] });
    await fabric.apply({ account, s3Address, resolverAddresses, endpointAddresses });
  }

  private async addAddress(address: string): Promise<void> {
    if (this.addresses.has(address)) return;
    await this.stage.machines.namespace.addAddress(address);
    this.addresses.add(address);
  }

  private playInstances(account: Account, stopOrders: ReadonlySet<string>, rebootOrders: ReadonlySet<string>): void {
    for (const instance of account.instances) {
      const machine = this.played.get(instance.id);
      if (!machine) {
        this.playNew(account, instance);
        continue;
      }
      if (stopOrders.has(instance.id) || !ON.includes(instance.state)) {
        if (this.wanted.get(instance.id) !== "off" || stopOrders.has(instance.id)) {
          this.wanted.set(instance.id, "off");
          this.tasks.do(machine, "stops", () => machine.stop());
        }
      }
      if (ON.includes(instance.state) && this.wanted.get(instance.id) === "off") {
        this.wanted.set(instance.id, "on");
        this.tasks.do(machine, "starts", () => this.boot(this.account ?? account, instance, machine));
      }
      if (rebootOrders.has(instance.id)) this.tasks.do(machine, "reboots", () => machine.reboot());
    }
    for (const [id, machine] of this.played) {
      if (account.instances.some((instance) => instance.id === id)) continue;
      this.played.delete(id);
      this.leaving.add(machine);
      this.tasks.do(machine, "is terminated", async () => {
        await machine.destroy();
        this.leaving.delete(machine);
      });
    }
  }

  private playNew(account: Account, instance: Instance): void {
    const machine = new Machine(this.stage.machines, instance);
    this.played.set(instance.id, machine);
    machine.whenOff(() => void this.stoppedFromInside(instance.id));
    this.tasks.do(machine, "boots", async () => {
      // The account calls a machine stopped, and its interface and volumes free, while its system still ends.
      const before = [...this.leaving].filter(({ interfaceId }) => interfaceId === instance.interfaceId);
      await Promise.all(before.map((one) => this.tasks.endedFor(one)));
      await this.boot(account, instance, machine);
    });
  }

  private async boot(account: Account, instance: Instance, machine: Machine): Promise<void> {
    const { reader, memoryAtStart, overcommit } = this.stage;
    const sizes = account.instances
      .filter((one) => one.id === instance.id || this.played.get(one.id)?.isOn)
      .map(async (one) => ({ name: one.name, type: one.type, bytes: await reader.memoryOf(one.type) }));
    const demands = await Promise.all(sizes);
    const refusal = memoryRefusal(demands, memoryAtStart, overcommit);
    if (refusal) throw new Error(refusal);
    await machine.boot(account, instance, await reader.memoryOf(instance.type));
  }

  /** An instance that is shut down from inside is a stopped instance, as EC2 has it by default. */
  private async stoppedFromInside(id: string): Promise<void> {
    if (this.tasks.isStopped || !this.played.has(id)) return;
    this.wanted.set(id, "off");
    await this.stage.ec2
      .send(new StopInstancesCommand({ InstanceIds: [id] }))
      .catch((error: Error) => this.tasks.fail(error));
  }
}
