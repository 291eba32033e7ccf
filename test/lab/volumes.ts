import { mkdirSync } from "fs";
import { join } from "path";
import { Account, Instance, Volume } from "./account";
import { Disk } from "./disk";
import { Machine } from "./machine";
import { MachineTasks } from "./machine-tasks";

/** The emulator names the root device of an image and that of its volume differently at times. */
const ROOT_DEVICES = ["/dev/xvda", "/dev/sda1"];

/** The disks that play an account's volumes. */
export class Volumes {
  private readonly disks = new Map<string, Disk>();
  /** The machine that each volume is or shall soon be plugged into. */
  private readonly plugged = new Map<string, Machine>();

  public constructor(
    /** Where the disks lie. */
    private readonly folder: string,
    /** Milliseconds from the call that attaches a volume until a machine has it. */
    private readonly delay: number,
    private readonly tasks: MachineTasks,
  ) {}

  /** Plugs every volume in where the account says, and out where it does not any more. */
  public play(account: Account, machines: ReadonlyMap<string, Machine>): void {
    for (const volume of account.volumes) {
      const machine = volume.attachment && machines.get(volume.attachment.instanceId);
      const instance = account.instances.find((one) => one.id === machine?.id);
      // The root volume is the machine's own disk.
      if (!machine || !instance || isRoot(volume, instance)) continue;
      const disk = this.diskOf(volume);
      if (this.plugged.get(volume.id) === machine) continue;
      this.plugged.set(volume.id, machine);
      this.plugInLate(machine, volume.id, disk);
    }
    for (const [id, disk] of this.disks) {
      const volume = account.volumes.find((one) => one.id === id);
      const owner = volume?.attachment?.instanceId;
      if (this.plugged.get(id)?.id !== owner) this.plugged.delete(id);
      for (const machine of machines.values()) {
        if (machine.id === owner || !machine.has(disk)) continue;
        this.tasks.do(machine, `loses ${id}`, () => machine.detach(disk));
      }
      if (!volume) this.disks.delete(id);
    }
  }

  /** Whether a machine that is on has mounted the volume. */
  public async isInUse(volumeId: string, machine: Machine | undefined): Promise<boolean> {
    const disk = this.disks.get(volumeId);
    return machine !== undefined && disk !== undefined && machine.isOn && (await machine.isMounted(disk));
  }

  private diskOf(volume: Volume): Disk {
    let disk = this.disks.get(volume.id);
    if (!disk) {
      mkdirSync(this.folder, { recursive: true });
      disk = new Disk(join(this.folder, `${volume.id}.img`), volume.gibibytes * 1024 ** 3);
      this.disks.set(volume.id, disk);
    }
    return disk;
  }

  private plugInLate(machine: Machine, volumeId: string, disk: Disk): void {
    const plugIn = async () => {
      // It may have been taken away again meanwhile.
      if (this.plugged.get(volumeId) === machine && !machine.has(disk)) await machine.attach(volumeId, disk);
    };
    setTimeout(() => this.tasks.do(machine, `gets ${volumeId}`, plugIn), this.delay).unref();
  }
}

function isRoot(volume: Volume, instance: Instance): boolean {
  const device = volume.attachment?.device ?? "";
  return device === instance.rootDeviceName || ROOT_DEVICES.includes(device);
}
