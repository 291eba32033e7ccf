import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  type Image,
  type Instance,
  ModifyInstanceAttributeCommand,
} from "@aws-sdk/client-ec2";
import { printable } from "../../core/printable";
import { awsProblem } from "../../software/access-problem";
import { Problem } from "../../software/problem";

/** What a replacement asks AWS for beside Terraform. */
export interface MachineAccount {
  /**
   * Refuses an image of which no machine could be made: that would show only when the one before is gone.
   *
   * @param instanceId of the machine that goes, whose architecture the image must have; absent where there is none
   */
  requireImage(imageId: string, instanceId: string | undefined): Promise<void>;
  /** Whether AWS refuses to terminate a machine. */
  protect(instanceId: string, isProtected: boolean): Promise<void>;
  /** Makes AWS refuse it again, unless the machine is gone. */
  protectAgain(instanceId: string): Promise<void>;
}

/** What AWS says of a machine that does not come back. */
const GONE: ReadonlySet<string> = new Set(["shutting-down", "terminated"]);

/** With the operator's own identity. */
export class Ec2MachineAccount implements MachineAccount {
  public constructor(private readonly client: EC2Client) {}

  public static inRegion(region: string): Ec2MachineAccount {
    return new Ec2MachineAccount(new EC2Client({ region, maxAttempts: 5 }));
  }

  public async requireImage(imageId: string, instanceId: string | undefined): Promise<void> {
    const [image, machine] = await Promise.all([this.image(imageId), instanceId && this.machine(instanceId)]);
    const refused = (why: string): Problem =>
      new Problem(`${why}, and nothing was done: name another in imageId, deploy, and run the command again`);
    if (image?.State !== "available") {
      throw refused(`there is no image ${imageId} that this account may use (${image?.State ?? "not found"})`);
    }
    const { Architecture: needed } = machine || {};
    if (needed === undefined || image.Architecture === needed) return;
    throw refused(`the image ${imageId} is of the architecture ${image.Architecture}, and the machine of ${needed}`);
  }

  public async protect(instanceId: string, isProtected: boolean): Promise<void> {
    await this.call(`${isProtected ? "restoring" : "lifting"} the termination protection of ${instanceId}`, () =>
      this.client.send(
        new ModifyInstanceAttributeCommand({ InstanceId: instanceId, DisableApiTermination: { Value: isProtected } }),
      ),
    );
  }

  public async protectAgain(instanceId: string): Promise<void> {
    try {
      await this.protect(instanceId, true);
    } catch (failure) {
      const state = (await this.machine(instanceId))?.State?.Name;
      if (state !== undefined && !GONE.has(state)) throw failure;
    }
  }

  /** The machines of nodes, as their names have them. Refuses where another machine has such a name as well. */
  public async unprotectMachinesOf(nodes: readonly string[]): Promise<void> {
    const found = await this.call(`finding the machines of ${nodes.join(", ")}`, () =>
      this.client.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: "tag:Name", Values: [...nodes] },
            { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
          ],
        }),
      ),
    );
    const machines = (found.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    requireOneOfEach(machines);
    for (const { InstanceId: id } of machines) {
      if (id !== undefined) await this.protect(id, false);
    }
  }

  /** As a filter, and not by its id: then one that is gone is no error. */
  private async image(imageId: string): Promise<Image | undefined> {
    const found = await this.call(`finding the image ${imageId}`, () =>
      this.client.send(
        new DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: [imageId] }], IncludeDeprecated: true }),
      ),
    );
    return found.Images?.[0];
  }

  private async machine(instanceId: string): Promise<Instance | undefined> {
    const found = await this.call(`finding the machine ${instanceId}`, () =>
      this.client.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: [instanceId] }] })),
    );
    return found.Reservations?.[0]?.Instances?.[0];
  }

  private async call<T>(doing: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (failure) {
      throw awsProblem(doing, failure);
    }
  }
}

/** Names are tags, which anybody can give to any machine. */
function requireOneOfEach(machines: readonly Instance[]): void {
  const byName = new Map<string, string>();
  for (const { InstanceId = "", Tags = [] } of machines) {
    const name = Tags.find(({ Key }) => Key === "Name")?.Value ?? "";
    const other = byName.get(name);
    if (other !== undefined) {
      throw new Problem(
        `${other} and ${InstanceId} both have the name ${printable(name)}, and nothing was touched: take that tag from the one that is not of the cluster, and deploy again`,
      );
    }
    byName.set(name, InstanceId);
  }
}
