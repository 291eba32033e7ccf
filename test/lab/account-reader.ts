import * as ec2 from "@aws-sdk/client-ec2";
import {
  ListHostedZonesCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import {
  Account,
  Instance,
  NetworkInterface,
  PrefixList,
  PrivateZone,
  SecurityGroupRule,
  Volume,
  VpcEndpoint,
} from "./account";

const GONE = ["shutting-down", "terminated"];
/** How AWS Lambda describes a network interface: with the function's name, and an id that is made up of five parts. */
const FUNCTION_INTERFACE = /^AWS Lambda VPC ENI-(.+?)-[0-9a-f]+(?:-[0-9a-f]+){4}$/;

/** Reads from the emulator what is played. */
export class AccountReader {
  /** User data is asked for once per instance and boot; it cannot change while the instance runs. */
  private readonly userData = new Map<string, string | undefined>();
  private prefixLists: readonly PrefixList[] | undefined;

  public constructor(
    private readonly region: string,
    private readonly compute: ec2.EC2Client,
    private readonly names: Route53Client,
  ) {}

  /** What the account holds, of which each instance has its network interface. */
  public async read(): Promise<Account> {
    // First: what is launched while the rest is read has an interface that an answer from before does not know.
    const listed = await this.instances();
    const [interfaces, volumes, vpcs, subnets, rules, prefixLists, zones, endpoints] = await Promise.all([
      this.interfaces(),
      this.volumes(),
      this.compute.send(new ec2.DescribeVpcsCommand({})),
      this.compute.send(new ec2.DescribeSubnetsCommand({})),
      this.rules(),
      this.readPrefixLists(),
      this.zones(),
      this.endpoints(),
    ]);
    const known = new Set(interfaces.map(({ id }) => id));
    return {
      region: this.region,
      // One whose interface is gone was terminated since it was listed.
      instances: listed.filter(({ interfaceId }) => known.has(interfaceId)),
      ...{ interfaces, volumes, rules, prefixLists, zones, endpoints },
      vpcs: (vpcs.Vpcs ?? []).map((vpc) => ({ id: vpc.VpcId!, cidr: vpc.CidrBlock! })),
      subnets: (subnets.Subnets ?? []).map((one) => ({ id: one.SubnetId!, vpcId: one.VpcId!, cidr: one.CidrBlock! })),
    };
  }

  /** A stopped instance may get other user data before it starts again. */
  public forgetUserData(instanceId: string): void {
    this.userData.delete(instanceId);
  }

  /** The memory of a machine type, in bytes. */
  public async memoryOf(type: string): Promise<number> {
    const answer = await this.compute.send(
      new ec2.DescribeInstanceTypesCommand({ InstanceTypes: [type as ec2._InstanceType] }),
    );
    const mebibytes = answer.InstanceTypes?.[0]?.MemoryInfo?.SizeInMiB;
    if (!mebibytes) throw new Error(`the emulator does not know how much memory ${type} has`);
    return mebibytes * 1024 * 1024;
  }

  private async instances(): Promise<Instance[]> {
    const found: ec2.Instance[] = [];
    const owners = new Map<string, string>();
    for await (const page of ec2.paginateDescribeInstances({ client: this.compute }, {})) {
      for (const reservation of page.Reservations ?? []) {
        for (const instance of reservation.Instances ?? []) {
          if (GONE.includes(instance.State?.Name ?? "")) continue;
          found.push(instance);
          owners.set(instance.InstanceId!, reservation.OwnerId ?? "");
        }
      }
    }
    return Promise.all(
      found
        .filter((instance) => (instance.NetworkInterfaces ?? []).length > 0)
        .map(async (instance) => {
          const tags = Object.fromEntries((instance.Tags ?? []).map((tag) => [tag.Key!, tag.Value!]));
          const first = [...instance.NetworkInterfaces!].sort(
            (a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0),
          )[0];
          const options = instance.MetadataOptions ?? {};
          return {
            id: instance.InstanceId!,
            name: tags.Name ?? instance.InstanceId!,
            state: instance.State!.Name!,
            type: instance.InstanceType!,
            imageId: instance.ImageId!,
            zone: instance.Placement!.AvailabilityZone!,
            architecture: instance.Architecture ?? "x86_64",
            accountId: owners.get(instance.InstanceId!)!,
            interfaceId: first.NetworkInterfaceId!,
            profileArn: instance.IamInstanceProfile?.Arn,
            profileId: instance.IamInstanceProfile?.Id,
            metadata: {
              enabled: options.HttpEndpoint !== "disabled",
              tokenRequired: options.HttpTokens === "required",
              hopLimit: options.HttpPutResponseHopLimit ?? 1,
              tags: options.InstanceMetadataTags === "enabled",
            },
            tags,
            rootDeviceName: instance.RootDeviceName ?? "/dev/xvda",
            userData: await this.userDataOf(instance.InstanceId!),
          };
        }),
    );
  }

  private async userDataOf(id: string): Promise<string | undefined> {
    if (!this.userData.has(id)) {
      const answer = await this.compute.send(
        new ec2.DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "userData" }),
      );
      this.userData.set(id, answer.UserData?.Value);
    }
    return this.userData.get(id);
  }

  private async interfaces(): Promise<NetworkInterface[]> {
    const answer = await this.compute.send(new ec2.DescribeNetworkInterfacesCommand({}));
    return (answer.NetworkInterfaces ?? [])
      .filter((one) => one.PrivateIpAddress)
      .map((one) => ({
        id: one.NetworkInterfaceId!,
        address: one.PrivateIpAddress!,
        mac: one.MacAddress!,
        subnetId: one.SubnetId!,
        vpcId: one.VpcId!,
        groups: (one.Groups ?? []).map((group) => ({ id: group.GroupId!, name: group.GroupName ?? "" })),
        ofFunction: FUNCTION_INTERFACE.exec(one.Description ?? "")?.[1],
      }));
  }

  private async volumes(): Promise<Volume[]> {
    const answer = await this.compute.send(new ec2.DescribeVolumesCommand({}));
    return (answer.Volumes ?? []).map((volume) => {
      const attached = volume.Attachments?.[0];
      return {
        id: volume.VolumeId!,
        gibibytes: volume.Size!,
        attachment: attached && {
          instanceId: attached.InstanceId!,
          device: attached.Device!,
          state: attached.State!,
        },
      };
    });
  }

  private async rules(): Promise<SecurityGroupRule[]> {
    const found: ec2.SecurityGroupRule[] = [];
    for await (const page of ec2.paginateDescribeSecurityGroupRules({ client: this.compute }, {})) {
      found.push(...(page.SecurityGroupRules ?? []));
    }
    return found.map((rule) => ({
      id: rule.SecurityGroupRuleId!,
      groupId: rule.GroupId!,
      egress: rule.IsEgress ?? false,
      protocol: String(rule.IpProtocol),
      fromPort: rule.FromPort ?? -1,
      toPort: rule.ToPort ?? -1,
      cidr: rule.CidrIpv4,
      prefixListId: rule.PrefixListId,
      referencedGroupId: rule.ReferencedGroupInfo?.GroupId,
    }));
  }

  /** Lists that AWS manages never change in a run; a user's own are not played. */
  private async readPrefixLists(): Promise<readonly PrefixList[]> {
    if (this.prefixLists) return this.prefixLists;
    const answer = await this.compute.send(new ec2.DescribeManagedPrefixListsCommand({}));
    const lists = (answer.PrefixLists ?? []).filter((list) => list.AddressFamily === "IPv4");
    this.prefixLists = await Promise.all(
      lists.map(async (list) => {
        const entries = await this.compute.send(
          new ec2.GetManagedPrefixListEntriesCommand({ PrefixListId: list.PrefixListId! }),
        );
        return {
          id: list.PrefixListId!,
          name: list.PrefixListName!,
          cidrs: (entries.Entries ?? []).map((entry) => entry.Cidr!),
        };
      }),
    );
    return this.prefixLists;
  }

  private async zones(): Promise<PrivateZone[]> {
    const listed = await this.names.send(new ListHostedZonesCommand({}));
    const zones = await Promise.all(
      (listed.HostedZones ?? [])
        .filter((zone) => zone.Config?.PrivateZone)
        .map(async (zone) => {
          const answers = await Promise.all([
            this.names.send(new GetHostedZoneCommand({ Id: zone.Id! })),
            this.names.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.Id! })),
          ]).catch((error: Error) => {
            // Destroyed since it was listed.
            if (error.name === "NoSuchHostedZone") return undefined;
            throw error;
          });
          if (!answers) return [];
          const [details, records] = answers;
          return [
            {
              name: withoutDot(zone.Name!),
              vpcIds: (details.VPCs ?? []).map((vpc) => vpc.VPCId!),
              records: (records.ResourceRecordSets ?? []).map((record) => ({
                name: withoutDot(record.Name!),
                type: record.Type!,
                ttl: record.TTL ?? 60,
                values: (record.ResourceRecords ?? []).map((value) => value.Value!),
              })),
            },
          ];
        }),
    );
    return zones.flat();
  }

  private async endpoints(): Promise<VpcEndpoint[]> {
    const answer = await this.compute.send(new ec2.DescribeVpcEndpointsCommand({}));
    return (answer.VpcEndpoints ?? []).map((endpoint) => ({
      id: endpoint.VpcEndpointId!,
      vpcId: endpoint.VpcId!,
      service: endpoint.ServiceName!,
      type: endpoint.VpcEndpointType ?? "Gateway",
      interfaceIds: endpoint.NetworkInterfaceIds ?? [],
      privateDns: endpoint.PrivateDnsEnabled ?? false,
    }));
  }
}

function withoutDot(name: string): string {
  // Route 53 writes a wildcard's asterisk in octal.
  return name
    .replace(/\.$/, "")
    .replace(/^\\052/, "*")
    .toLowerCase();
}
