import {
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  type DescribeInstanceTypeOfferingsCommandOutput,
  DescribeInstanceTypesCommand,
  DescribeVolumesCommand,
  DescribeVolumesModificationsCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import { setTimeout as delay } from "node:timers/promises";
import type { FoundMachine, MachineService } from "./machine-service";

/** A machine with much memory takes minutes to stop; AWS ends a system that does not end itself after about ten. */
const LONGEST_SECONDS = 20 * 60;
const POLL_SECONDS = 2;
/** Where AWS has not yet spread everywhere which type a machine shall have. */
const NOT_SPREAD_YET = /does not match attribute value/;
const LONGEST_SPREAD_SECONDS = 120;

/** Machines and volumes of AWS, with the credentials of whoever deploys. */
export class Ec2Machines implements MachineService {
  public constructor(
    private readonly client: EC2Client,
    private readonly pollMillis = POLL_SECONDS * 1000,
  ) {}

  public async machines(ids: readonly string[]): Promise<ReadonlyMap<string, FoundMachine>> {
    // By a filter, as one id that is gone would make the whole question fail.
    const filter = { Name: "instance-id", Values: [...ids] };
    const { Reservations = [] } = await this.client.send(new DescribeInstancesCommand({ Filters: [filter] }));
    const found = Reservations.flatMap(({ Instances = [] }) => Instances);
    return new Map(
      found
        .filter(({ State }) => State?.Name !== "terminated" && State?.Name !== "shutting-down")
        .map(({ InstanceId, InstanceType, State, Placement }) => [
          InstanceId!,
          { instanceType: InstanceType!, state: State?.Name ?? "unknown", zone: Placement?.AvailabilityZone },
        ]),
    );
  }

  public async memoryOf(types: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const command = new DescribeInstanceTypesCommand({ InstanceTypes: [...new Set(types)] as _InstanceType[] });
    const { InstanceTypes = [] } = await this.client.send(command);
    return new Map(InstanceTypes.map(({ InstanceType, MemoryInfo }) => [InstanceType!, MemoryInfo?.SizeInMiB ?? 0]));
  }

  public async zonesWith(type: string): Promise<ReadonlySet<string>> {
    const Filters = [{ Name: "instance-type", Values: [type] }];
    const zones = new Set<string>();
    let NextToken: string | undefined;
    do {
      const command = new DescribeInstanceTypeOfferingsCommand({
        LocationType: "availability-zone",
        Filters,
        NextToken,
      });
      const page: DescribeInstanceTypeOfferingsCommandOutput = await this.client.send(command);
      for (const { Location } of page.InstanceTypeOfferings ?? []) if (Location !== undefined) zones.add(Location);
      NextToken = page.NextToken;
    } while (NextToken);
    return zones;
  }

  public async stop(id: string): Promise<void> {
    await this.client.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await waitUntilInstanceStopped(this.patience(), { InstanceIds: [id] });
  }

  public async start(id: string): Promise<void> {
    const end = Date.now() + LONGEST_SPREAD_SECONDS * 1000;
    for (;;) {
      try {
        await this.client.send(new StartInstancesCommand({ InstanceIds: [id] }));
        break;
      } catch (failure) {
        // "LaunchPlan instance type does not match attribute value", for some seconds after the type was changed.
        if (!NOT_SPREAD_YET.test((failure as Error).message) || Date.now() > end) throw failure;
        await delay(this.pollMillis);
      }
    }
    await waitUntilInstanceRunning(this.patience(), { InstanceIds: [id] });
  }

  public async changeType(id: string, instanceType: string): Promise<void> {
    await this.client.send(
      new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: instanceType } }),
    );
  }

  public async volumeSizes(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { Volumes = [] } = await this.client.send(new DescribeVolumesCommand({ VolumeIds: [...ids] }));
    return new Map(Volumes.map(({ VolumeId, Size }) => [VolumeId!, Size!]));
  }

  public async growVolume(id: string, gib: number): Promise<void> {
    await this.client.send(new ModifyVolumeCommand({ VolumeId: id, Size: gib }));
    const end = Date.now() + LONGEST_SECONDS * 1000;
    for (;;) {
      const command = new DescribeVolumesModificationsCommand({ VolumeIds: [id] });
      const [modification] = (await this.client.send(command)).VolumesModifications ?? [];
      const { ModificationState: lastState, StatusMessage: message, TargetSize: target } = modification ?? {};
      // Right after it was asked for, AWS may still tell of the one before.
      const state = target === gib ? lastState : undefined;
      // The size is there from then on; what goes on for hours is the move of its blocks.
      if (state === "optimizing" || state === "completed") return;
      if (state === "failed") throw new Error(message ?? "AWS could not change the volume");
      if (Date.now() > end) throw new Error(`it is ${state ?? "not begun"} for ${LONGEST_SECONDS / 60} minutes`);
      await delay(this.pollMillis);
    }
  }

  private patience(): { client: EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } {
    return { client: this.client, maxWaitTime: LONGEST_SECONDS, minDelay: POLL_SECONDS, maxDelay: 2 * POLL_SECONDS };
  }
}
