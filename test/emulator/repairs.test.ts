import {
  AttachVolumeCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteNetworkInterfaceCommand,
  DeleteVpcEndpointsCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DetachVolumeCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMaintenanceOptionsCommand,
  ModifySecurityGroupRulesCommand,
  MonitorInstancesCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  RunInstancesCommandInput,
  TerminateInstancesCommand,
  UnmonitorInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateGroupCommand, GetGroupCommand } from "@aws-sdk/client-resource-groups";
import { CreateHostedZoneCommand, GetHostedZoneCommand } from "@aws-sdk/client-route-53";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, IncomingMessage, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bucketOfCluster } from "../../lib/software/find-cluster";
import { EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";

const DEBIAN = "ami-0d13a6400000000d1";

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;
let answerer: Server;
/** Volumes that the one who plays the instances says are mounted. */
const mounted = new Set<string>();

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulator-"));
  answerer = createServer((request, response) => {
    void body(request).then((text) => {
      const { question, volumeId } = JSON.parse(text) as { question: string; volumeId: string };
      response.end(JSON.stringify({ answer: question === "volume-in-use" && mounted.has(volumeId) }));
    });
  });
  await new Promise<void>((resolve) => answerer.listen(join(dir, "questions.sock"), resolve));
  emulator = await Emulator.start({
    dir,
    loopback: false,
    events: join(dir, "events"),
    questions: join(dir, "questions.sock"),
    images: join(dir, "images.json"),
  });
  aws = new EmulatorClients(REGION, emulator.socketPath);
}, 300_000);

afterAll(async () => {
  aws?.destroy();
  await emulator?.stop();
  await new Promise((resolve) => answerer.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

async function body(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

interface EmulatedEvent {
  readonly time: string;
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly ids: readonly string[];
}

function events(): EmulatedEvent[] {
  return readFileSync(join(dir, "events"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EmulatedEvent);
}

async function network() {
  const vpcId = (await aws.ec2.send(new CreateVpcCommand({ CidrBlock: "10.40.0.0/16" }))).Vpc!.VpcId!;
  const subnet = await aws.ec2.send(
    new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: "10.40.0.0/20", AvailabilityZone: `${REGION}a` }),
  );
  return { vpcId, subnetId: subnet.Subnet!.SubnetId! };
}

async function launch(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const { subnetId } = await network();
  const given = { ImageId: DEBIAN, InstanceType: "m7i.large", MinCount: 1, MaxCount: 1 } as const;
  const place = input.NetworkInterfaces ? {} : { SubnetId: subnetId };
  const answer = await aws.ec2.send(new RunInstancesCommand({ ...given, ...place, ...input }));
  return answer.Instances![0].InstanceId!;
}

async function describe1(instanceId: string) {
  const answer = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return answer.Reservations![0].Instances![0];
}

test.each([
  ["amd64", "x86_64"],
  ["arm64", "arm64"],
])("Debian's image for %s is found by its owner and name", async (name, architecture) => {
  const Filters = [{ Name: "name", Values: [`debian-13-${name}-*`] }];
  const { Images } = await aws.ec2.send(new DescribeImagesCommand({ Owners: ["136693071363"], Filters }));
  expect(Images).toHaveLength(1);
  expect(Images![0]).toMatchObject({ Architecture: architecture, RootDeviceName: "/dev/xvda", State: "available" });
});

test("an image that is published later is the newest of all", async () => {
  const usual = JSON.parse(readFileSync(join(__dirname, "moto", "images.json"), "utf8")) as {
    readonly ami_id: string;
  }[];
  const later = {
    ...usual.find(({ ami_id }) => ami_id === DEBIAN),
    ...{ ami_id: "ami-0d13a6400000000d2", name: "debian-13-amd64-20260301-0001" },
    creation_date: "2026-03-01T00:00:00.000Z",
  };
  writeFileSync(join(dir, "images.json"), JSON.stringify([later]));
  const Filters = [{ Name: "name", Values: ["debian-13-amd64-*"] }];
  const { Images } = await aws.ec2.send(new DescribeImagesCommand({ Owners: ["136693071363"], Filters }));
  const newestFirst = Images!.sort((one, other) => other.CreationDate!.localeCompare(one.CreationDate!));
  expect(newestFirst.map(({ ImageId }) => ImageId)).toEqual([later.ami_id, DEBIAN]);
  const made = await describe1(await launch({ ImageId: later.ami_id }));
  expect(made).toMatchObject({ ImageId: later.ami_id, Architecture: "x86_64", RootDeviceName: "/dev/xvda" });
});

test("a zone created with a VPC is private", async () => {
  const { vpcId } = await network();
  const { HostedZone } = await aws.route53.send(
    new CreateHostedZoneCommand({
      Name: "flink.internal",
      CallerReference: "a",
      VPC: { VPCId: vpcId, VPCRegion: REGION },
    }),
  );
  const read = await aws.route53.send(new GetHostedZoneCommand({ Id: HostedZone!.Id }));
  expect(read.HostedZone!.Config!.PrivateZone).toBe(true);
  expect(read.VPCs).toEqual([{ VPCId: vpcId, VPCRegion: REGION }]);
});

test("user data of any bytes can be changed and is read back as it is", async () => {
  const instanceId = await launch();
  const data = gzipSync("#!/bin/sh\necho ä\n");
  await aws.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId, UserData: { Value: data } }));
  const read = await aws.ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "userData" }),
  );
  expect(Buffer.from(read.UserData!.Value!, "base64")).toEqual(data);
});

test("detailed monitoring is switched on and off", async () => {
  const instanceId = await launch();
  expect((await describe1(instanceId)).Monitoring!.State).toBe("disabled");
  await aws.ec2.send(new MonitorInstancesCommand({ InstanceIds: [instanceId] }));
  expect((await describe1(instanceId)).Monitoring!.State).toBe("enabled");
  await aws.ec2.send(new UnmonitorInstancesCommand({ InstanceIds: [instanceId] }));
  expect((await describe1(instanceId)).Monitoring!.State).toBe("disabled");
});

test("maintenance options are those of the launch, then those of the change", async () => {
  const instanceId = await launch({ MaintenanceOptions: { AutoRecovery: "disabled" } });
  expect((await describe1(instanceId)).MaintenanceOptions!.AutoRecovery).toBe("disabled");
  await aws.ec2.send(new ModifyInstanceMaintenanceOptionsCommand({ InstanceId: instanceId, AutoRecovery: "default" }));
  expect((await describe1(instanceId)).MaintenanceOptions!.AutoRecovery).toBe("default");
});

test("termination is refused until the protection is off", async () => {
  const instanceId = await launch({ DisableApiTermination: true });
  const terminate = new TerminateInstancesCommand({ InstanceIds: [instanceId] });
  await expect(aws.ec2.send(terminate)).rejects.toMatchObject({ name: "OperationNotPermitted" });
  const off = { InstanceId: instanceId, DisableApiTermination: { Value: false } };
  await aws.ec2.send(new ModifyInstanceAttributeCommand(off));
  await aws.ec2.send(terminate);
  expect((await describe1(instanceId)).State!.Name).toBe("terminated");
});

test("an interface of its own is available again after its instance is terminated", async () => {
  const { subnetId } = await network();
  const created = await aws.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnetId }));
  const id = created.NetworkInterface!.NetworkInterfaceId!;
  const instanceId = await launch({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: id }] });
  const status = async () =>
    (await aws.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }))).NetworkInterfaces![0]
      .Status;
  expect(await status()).toBe("in-use");
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  expect(await status()).toBe("available");
  expect((await describe1(instanceId)).State!.Name).toBe("terminated");
  await aws.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
});

test("interfaces of an endpoint stand in their subnet and in the endpoint's groups, and go with it", async () => {
  const { vpcId, subnetId } = await network();
  const { GroupId } = await aws.ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "endpoint", Description: "Endpoint" }),
  );
  const { VpcEndpoint: endpoint } = await aws.ec2.send(
    new CreateVpcEndpointCommand({
      ...{ VpcId: vpcId, ServiceName: `com.amazonaws.${REGION}.sts`, VpcEndpointType: "Interface" },
      ...{ SubnetIds: [subnetId], SecurityGroupIds: [GroupId!], PrivateDnsEnabled: true },
    }),
  );
  const NetworkInterfaceIds = endpoint!.NetworkInterfaceIds!;
  const { NetworkInterfaces } = await aws.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
  expect(NetworkInterfaces).toEqual([
    expect.objectContaining({
      ...{ SubnetId: subnetId, PrivateIpAddress: expect.stringMatching(/^10\.40\.([0-9]|1[0-5])\.\d+$/) as string },
      Groups: [expect.objectContaining({ GroupId })],
    }),
  ]);
  await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [endpoint!.VpcEndpointId!] }));
  const { VpcEndpoints } = await aws.ec2.send(new DescribeVpcEndpointsCommand({}));
  expect(VpcEndpoints?.map(({ VpcEndpointId }) => VpcEndpointId)).not.toContain(endpoint!.VpcEndpointId);
});

test("a rule that was taken away is called unknown by its id, as a call that was answered and asked again must find", async () => {
  const { vpcId: VpcId } = await network();
  const { GroupId } = await aws.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "gone", Description: "Gone", VpcId }),
  );
  const { SecurityGroupRules: rules } = await aws.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 1, ToPort: 1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
    }),
  );
  const revoke = () =>
    aws.ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [rules![0].SecurityGroupRuleId!] }),
    );
  await revoke();
  await expect(revoke()).rejects.toMatchObject({ name: "InvalidSecurityGroupRuleId.NotFound" });
});

test("rules keep their descriptions, also those that name a group or a prefix list", async () => {
  const { vpcId } = await network();
  const group = await aws.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "nodes", Description: "Nodes", VpcId: vpcId }),
  );
  const port = (number: number) => ({ IpProtocol: "tcp", FromPort: number, ToPort: number });
  await aws.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group.GroupId,
      IpPermissions: [
        { ...port(1), IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "addresses" }] },
        { ...port(2), UserIdGroupPairs: [{ GroupId: group.GroupId, Description: "group" }] },
        { ...port(3), PrefixListIds: [{ PrefixListId: "pl-12345678", Description: "list" }] },
      ],
    }),
  );
  const Filters = [{ Name: "group-id", Values: [group.GroupId!] }];
  const ingress = async () =>
    (await aws.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))).SecurityGroupRules!.filter(
      ({ IsEgress }) => !IsEgress,
    );
  const added = await ingress();
  expect(added.map((rule) => rule.Description)).toEqual(["addresses", "group", "list"]);

  const rule = added.find((candidate) => candidate.FromPort === 2)!;
  await aws.ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: group.GroupId,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: rule.SecurityGroupRuleId,
          SecurityGroupRule: { ...port(2), ReferencedGroupId: group.GroupId, Description: "changed" },
        },
      ],
    }),
  );
  expect((await ingress()).map(({ FromPort, Description }) => [FromPort, Description])).toEqual([
    [1, "addresses"],
    [2, "changed"],
    [3, "list"],
  ]);
  const groups = await aws.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group.GroupId!] }));
  const byGroup = groups.SecurityGroups![0].IpPermissions!.find((permission) => permission.FromPort === 2)!;
  expect(byGroup.IpRanges).toEqual([]);
  expect(byGroup.UserIdGroupPairs).toMatchObject([{ GroupId: group.GroupId, Description: "changed" }]);
});

describe("a volume that is detached", () => {
  async function attached() {
    const instanceId = await launch();
    const volume = await aws.ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: 1 }));
    const volumeId = volume.VolumeId!;
    await aws.ec2.send(new AttachVolumeCommand({ InstanceId: instanceId, VolumeId: volumeId, Device: "/dev/sdf" }));
    return { instanceId, volumeId };
  }
  const read = async (volumeId: string) =>
    (await aws.ec2.send(new DescribeVolumesCommand({ VolumeIds: [volumeId] }))).Volumes![0];

  test("stays busy while it is mounted, and is free when it is not any more", async () => {
    const { instanceId, volumeId } = await attached();
    mounted.add(volumeId);
    const answer = await aws.ec2.send(new DetachVolumeCommand({ VolumeId: volumeId }));
    expect(answer.State).toBe("busy");
    expect(await read(volumeId)).toMatchObject({ State: "in-use", Attachments: [{ State: "busy" }] });
    expect(events().filter(({ action }) => action === "DetachVolumeCompleted")).toEqual([]);

    mounted.delete(volumeId);
    expect(await read(volumeId)).toMatchObject({ State: "available" });
    const completed = events().filter(({ action }) => action === "DetachVolumeCompleted");
    expect(completed.map(({ ids }) => ids)).toEqual([[volumeId, instanceId]]);
  });

  test("is free at once when it is not mounted, or is taken by force", async () => {
    const { volumeId } = await attached();
    await aws.ec2.send(new DetachVolumeCommand({ VolumeId: volumeId }));
    expect((await read(volumeId)).State).toBe("available");

    const forced = await attached();
    mounted.add(forced.volumeId);
    await aws.ec2.send(new DetachVolumeCommand({ VolumeId: forced.volumeId, Force: true }));
    expect((await read(forced.volumeId)).State).toBe("available");
  });
});

test("a resource group is found by its name, and with it the bucket of the cluster whose name it holds", async () => {
  const TagFilters = [{ Key: "cdktf-flink-cluster", Values: ["orders"] }];
  const query = { ResourceTypeFilters: ["AWS::AllSupported"], TagFilters };
  await aws.resourceGroups.send(
    new CreateGroupCommand({
      Name: "cdktf-flink-orders",
      ResourceQuery: { Type: "TAG_FILTERS_1_0", Query: JSON.stringify(query) },
      Tags: { "cdktf-flink-bucket": "some-bucket" },
    }),
  );
  const { Group } = await aws.resourceGroups.send(new GetGroupCommand({ Group: "cdktf-flink-orders" }));
  expect(Group!.GroupArn).toMatch(new RegExp(`^arn:aws:resource-groups:${REGION}:\\d+:group/cdktf-flink-orders$`));
  expect(await bucketOfCluster(aws.resourceGroups, "orders")).toBe("some-bucket");
  await expect(bucketOfCluster(aws.resourceGroups, "order")).rejects.toThrow("did you mean orders?");
});

describe("events", () => {
  test("tell of what changed with the ids, and of nothing else", async () => {
    const instanceId = await launch({ UserData: Buffer.from("secret").toString("base64") });
    const launched = events().filter(({ action, ids }) => action === "RunInstances" && ids.includes(instanceId));
    expect(launched).toHaveLength(1);
    expect(launched[0].parameters).toMatchObject({ ImageId: DEBIAN, InstanceType: "m7i.large" });
    expect(launched[0].parameters).not.toHaveProperty("UserData");

    const before = events().length;
    await describe1(instanceId);
    const none = new TerminateInstancesCommand({ InstanceIds: ["i-00000000000000000"] });
    await expect(aws.ec2.send(none)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    expect(events()).toHaveLength(before);

    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    expect(events().slice(before)).toMatchObject([{ service: "ec2", action: "TerminateInstances", ids: [instanceId] }]);
  });
});
