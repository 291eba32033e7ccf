import { Testing, TerraformStack } from "cdktf";
import { IConstruct } from "constructs";
import path from "node:path";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkNetwork,
  FlinkVersion,
  InstanceType,
  LogLevel,
  Peer,
  RestartStrategy,
  Size,
  Software,
  SoftwareBucket,
  SoftwareOrigin,
} from "../../lib";
import { HOSTILE_CONFIGURATION, HOSTILE_TAGS } from "../scenarios/hostile-strings";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../support/synth";
import { cluster, desiredState, flinkConfiguration, KEY_ARN, LOCK_FILE, someBucket, someNetwork } from "./support";

type Props = Parameters<typeof cluster>[1];
const withProps = (props: Props = {}): Synthesized => synthesize((stack) => cluster(stack, props));
const PROTECTED = { prevent_destroy: true };
/** What brings the software into the bucket: beside it there is what is fixed for the cluster's life. */
const ofSoftware = (synthesized: Synthesized): Block[] =>
  Object.entries(synthesized.resources("terraform_data"))
    .filter(([id]) => id.includes("_Software_"))
    .map(([, block]) => block);
const authorityKeys = (synthesized: Synthesized): Record<string, Block> =>
  Object.fromEntries(
    Object.entries(synthesized.resources("aws_kms_key")).filter(([, { key_usage: usage }]) => usage === "SIGN_VERIFY"),
  );

describe("with nothing but network and bucket", () => {
  const synthesized = withProps();
  const instances = synthesized.all("aws_instance");

  test("three machines, spread over the zones, each with its own interface, volume and name", () => {
    for (const type of ["aws_instance", "aws_network_interface", "aws_ebs_volume", "aws_volume_attachment"]) {
      expect(synthesized.all(type)).toHaveLength(3);
    }
    expect(instances.map((machine) => (machine.tags as Block).Name as string)).toEqual([
      "orders-node-1",
      "orders-node-2",
      "orders-node-3",
    ]);
    expect(synthesized.all("aws_network_interface").map((each) => each.subnet_id as string)).toEqual([
      "subnet-00000000000000001",
      "subnet-00000000000000002",
      "subnet-00000000000000003",
    ]);
    expect(synthesized.all("aws_ebs_volume").map((each) => each.availability_zone as string)).toEqual([
      "eu-west-1a",
      "eu-west-1b",
      "eu-west-1c",
    ]);
    expect(synthesized.all("aws_route53_record").map(({ name, type, ttl }) => [name, type, ttl])).toEqual(
      [1, 2, 3].map((node) => [`node-${node}.orders.flink.internal`, "A", 10]),
    );
  });

  test("no way in: no key pair, no public address, no tokenless metadata, a hop limit of 1", () => {
    for (const machine of instances) {
      expect(machine).not.toHaveProperty("key_name");
      expect(machine).not.toHaveProperty("associate_public_ip_address");
      expect(machine).not.toHaveProperty("subnet_id");
      expect(machine.metadata_options).toEqual({
        http_endpoint: "enabled",
        http_tokens: "required",
        http_put_response_hop_limit: 1,
        instance_metadata_tags: "disabled",
      });
    }
    expect(synthesized.text).not.toMatch(/0\.0\.0\.0\/0|::\/0/);
    expect(findings(synthesized)).toEqual([]);
  });

  test("volumes are encrypted by the cluster's own key", () => {
    const [volumeKey] = Object.keys(synthesized.resources("aws_kms_key")).filter((id) => id.includes("VolumeKey"));
    const key = `\${aws_kms_key.${volumeKey}.arn}`;
    for (const volume of synthesized.all("aws_ebs_volume")) {
      expect(volume).toMatchObject({ encrypted: true, kms_key_id: key, type: "gp3", size: 20 });
    }
    for (const machine of instances) {
      expect(machine.root_block_device).toMatchObject({
        encrypted: true,
        kms_key_id: key,
        delete_on_termination: true,
      });
    }
  });

  test("machines are protected, watched and never replaced because of what they were created from", () => {
    for (const machine of instances) {
      expect(machine).toMatchObject({
        instance_type: "m7i.large",
        monitoring: true,
        ebs_optimized: true,
        disable_api_termination: true,
        user_data_replace_on_change: false,
        lifecycle: { ignore_changes: ["ami", "user_data", "user_data_base64", "instance_type"] },
      });
    }
    for (const volume of synthesized.all("aws_ebs_volume")) {
      expect(volume.lifecycle).toEqual({ ...PROTECTED, ignore_changes: ["size"] });
    }
    for (const attachment of synthesized.all("aws_volume_attachment")) {
      expect(attachment).toMatchObject({ stop_instance_before_detaching: true, device_name: "/dev/sdf" });
    }
  });

  test("a machine is created after its name is known and its permissions are there", () => {
    const records = Object.keys(synthesized.resources("aws_route53_record"));
    expect(instances.map((machine) => machine.depends_on as string[])).toEqual(
      records.map((record) => [
        ...[`aws_route53_record.${record}`, expect.stringMatching(/^aws_resourcegroups_group\./)],
        expect.stringMatching(/^aws_iam_role_policy\.flink_Role_Policy_/),
        expect.stringMatching(/^aws_iam_role_policy\.flink_Role_Job_Policy_/),
      ]),
    );
  });

  test("the newest official Debian image", () => {
    expect(synthesized.data("aws_ami")).toEqual([
      expect.objectContaining({ most_recent: true, owners: ["136693071363"] }),
    ]);
  });

  test("one output that tells where the cluster is", () => {
    const outputs = synthesized.json.output as Record<string, Block>;
    const { aws_region: regions } = synthesized.json.data as Record<string, Record<string, Block>>;
    const region = `\${data.aws_region.${Object.keys(regions)[0]}.id}`;
    expect(outputs.orders?.value).toMatchObject({
      region,
      checkpoint_bucket: "some-checkpoints",
      wait_command: `npx cdktf-flink wait --cluster orders --region ${region}`,
      cluster_name: "orders",
      node_names: ["orders-node-1", "orders-node-2", "orders-node-3"],
      rest_addresses: [1, 2, 3].map((node) => `https://node-${node}.orders.flink.internal:8081`),
      checkpoints: "s3p://some-checkpoints/checkpoints/orders",
      savepoints: "s3p://some-checkpoints/savepoints/orders",
    });
  });

  test("ids of constructs are a contract: a change of one replaces what it names", () => {
    expect(ids(synthesizedTree((stack) => cluster(stack)))).toMatchSnapshot();
    expect(
      Object.keys(synthesized.json.resource ?? {}).flatMap((type) => addresses(synthesized, type)),
    ).toMatchSnapshot();
  });
});

function synthesizedTree(build: (stack: TerraformStack) => FlinkCluster): FlinkCluster {
  return build(testStack());
}

function ids(construct: IConstruct): string[] {
  return construct.node.findAll().map((each) => each.node.path);
}

function addresses(synthesized: Synthesized, type: string): string[] {
  return Object.keys(synthesized.resources(type)).map((id) => `${type}.${id}`);
}

/** The policies of the cluster's two roles. */
function policies(synthesized: Synthesized): Record<"node" | "job", ReturnType<typeof statements>> {
  const named = (name: string) => synthesized.all("aws_iam_role_policy").find((policy) => policy.name === name);
  return { node: statements(named("flink-node")!.policy), job: statements(named("flink-job")!.policy) };
}

/** With the partition that Terraform will know. */
const arns = (resources: unknown) =>
  (resources as string[]).map((arn) =>
    arn.replace(/^arn:[^:]+(\[[^\]]*\])?:/, "arn:aws:").replace(/\$\{data\.aws_partition[^}]*\}/g, "aws"),
  );

const STATE_PREFIXES = ["checkpoints", "savepoints", "ha"];

describe("the machines' role", () => {
  const policyOf = (synthesized: Synthesized) => policies(synthesized).node;

  test("may do exactly this", () => {
    const found = policyOf(withProps());
    expect(Object.keys(found).sort()).toEqual([
      "BucketKeys",
      "List",
      "ReadAuthorities",
      "ReadDesiredState",
      "ReadSoftware",
      "Reports",
      "RollLock",
      "SignForNodes",
      "TakeJobRole",
      "WriteRollEvents",
    ]);
    for (const statement of Object.values(found)) expect(statement.Effect).toBe("Allow");
    expect(found.ReadSoftware?.Action).toEqual(["s3:GetObject"]);
    expect(found.ReadDesiredState?.Action).toEqual(["s3:GetObject"]);
    for (const [sid, actions, key] of [
      ["Reports", ["s3:GetObject", "s3:PutObject"], "reports/orders/*.json"],
      ["RollLock", ["s3:GetObject", "s3:PutObject"], "rolls/orders/lock.json"],
      ["WriteRollEvents", ["s3:PutObject"], "roll-events/orders/*.json"],
    ] as const) {
      expect(found[sid]?.Action).toEqual(actions);
      expect(arns(found[sid]?.Resource)).toEqual([`arn:aws:s3:::some-checkpoints/${key}`]);
    }
    expect(found.TakeJobRole).toMatchObject({
      Action: ["sts:AssumeRole"],
      Resource: [expect.stringMatching(/^\$\{aws_iam_role\.flink_Role_Job_[^.]*\.arn\}$/) as string],
    });
    expect(found.List?.Resource).toHaveLength(1);
    expect(found.BucketKeys).toMatchObject({ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [KEY_ARN] });
  });

  test("cannot write software or desired states, nor touch the state of jobs, nor anything of another cluster", () => {
    const found = policyOf(withProps());
    const writes = Object.values(found).filter((statement) =>
      (statement.Action as string[]).some((action) => /^(s3:(Put|Delete|Abort|\*)|\*)/.test(action)),
    );
    expect(arns(writes.flatMap((statement) => statement.Resource as string[]))).toEqual(
      ["reports/orders/*.json", "rolls/orders/lock.json", "roll-events/orders/*.json"].map(
        (key) => `arn:aws:s3:::some-checkpoints/${key}`,
      ),
    );
    expect(JSON.stringify(found)).not.toMatch(/(checkpoints|savepoints|ha)\/orders/);
  });

  test("signs with the node authority alone, in one way, and reads the public halves of both", () => {
    const synthesized = withProps();
    const found = policyOf(synthesized);
    const arn = (kind: string) => {
      const [id] = Object.keys(synthesized.resources("aws_kms_key")).filter((each) => each.includes(`${kind}Key`));
      return `\${aws_kms_key.${id}.arn}`;
    };
    expect(found.SignForNodes).toMatchObject({
      Action: ["kms:Sign"],
      Resource: [arn("Authorities_Node")],
      Condition: {
        StringEquals: { "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256", "kms:MessageType": "RAW" },
      },
    });
    expect(found.ReadAuthorities).toMatchObject({
      Action: ["kms:GetPublicKey"],
      Resource: [arn("Authorities_Node"), arn("Authorities_Client")],
    });
    expect(arn("Authorities_Node")).not.toBe(arn("Authorities_Client"));
  });

  test("reads software where it lies, and no longer in the checkpoint bucket", () => {
    const found = policyOf(
      synthesize((stack) =>
        cluster(stack, {
          softwareBucket: SoftwareBucket.fromSoftwareBucketAttributes(stack, "software", {
            bucketName: "all-software",
            encryptionKeyArn: `${KEY_ARN.slice(0, -1)}0`,
          }),
        }),
      ),
    );
    expect(found.ReadSoftware?.Resource).toEqual([expect.stringMatching(/:all-software\/software\/\*$/)]);
    expect(found.BucketKeys?.Resource).toEqual([KEY_ARN, `${KEY_ARN.slice(0, -1)}0`]);
    expect(JSON.stringify(found.List?.Condition)).not.toContain("software/");
  });
});

describe("the jobs' role", () => {
  const synthesized = withProps();
  const found = policies(synthesized).job;
  const roles = Object.entries(synthesized.resources("aws_iam_role"));
  const [jobRole] = roles.filter(([id]) => id.includes("_Role_Job_")).map(([, block]) => block);

  test("may do exactly this", () => {
    expect(Object.keys(found).sort()).toEqual(["BucketKey", "FlinkState", "ListFlinkState", "OwnersFullControl"]);
    expect(found.OwnersFullControl).toMatchObject({
      Action: ["s3:PutObjectAcl"],
      Resource: found.FlinkState?.Resource,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    });
    for (const statement of Object.values(found)) expect(statement.Effect).toBe("Allow");
    expect(found.FlinkState?.Action).toEqual([
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
      "s3:AbortMultipartUpload",
      "s3:ListMultipartUploadParts",
    ]);
    expect(arns(found.FlinkState?.Resource)).toEqual(
      STATE_PREFIXES.map((prefix) => expect.stringMatching(new RegExp(`:some-checkpoints/${prefix}/orders/\\*$`))),
    );
    expect(found.ListFlinkState).toMatchObject({
      Action: ["s3:ListBucket"],
      Condition: {
        StringLikeIfExists: {
          "s3:prefix": STATE_PREFIXES.flatMap((prefix) => [`${prefix}/orders`, `${prefix}/orders/*`]),
        },
      },
    });
    expect(found.BucketKey).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [KEY_ARN],
      Condition: { StringEquals: { "kms:ViaService": [expect.stringMatching(/^s3\./) as string] } },
    });
  });

  test("reaches nothing that machines run or report", () => {
    expect(JSON.stringify(found)).not.toMatch(/software\/|desired-state\/|reports\/|rolls\/|sts:|iam:/);
  });

  test("is taken by this cluster's machines and by nobody else", () => {
    const [nodeRole] = roles.map(([id]) => id).filter((id) => !id.includes("_Job_"));
    expect(Object.values(statements(jobRole?.assume_role_policy))).toEqual([
      expect.objectContaining({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: `\${aws_iam_role.${nodeRole}.arn}` },
        Condition: { StringEquals: { "aws:PrincipalAccount": expect.stringContaining("account_id") as string } },
      }),
    ]);
  });

  test("is what the output names for grants, and the desired state for the agents", () => {
    const name = `\${aws_iam_role.${roles.find(([, block]) => block === jobRole)?.[0]}`;
    const outputs = synthesized.json.output as Record<string, Block>;
    expect(outputs.orders?.value).toMatchObject({ job_role_name: `${name}.name}` });
    expect(desiredState(synthesized).jobCredentials).toEqual({ roleArn: `${name}.arn}`, port: 959 });
  });

  test("is reached through STS in the network, which the cluster's machines may call", () => {
    const [group] = Object.keys(synthesized.resources("aws_security_group")).filter((id) =>
      id.includes("endpoint-sts"),
    );
    const sides = (type: string, side: string) =>
      synthesized.all(type).filter((rule) => rule[side] === `\${aws_security_group.${group}.id}`);
    expect(sides("aws_vpc_security_group_ingress_rule", "security_group_id")).toHaveLength(1);
    expect(sides("aws_vpc_security_group_egress_rule", "referenced_security_group_id")).toHaveLength(1);
  });
});

test("a network in a stack of its own does not wait for its clusters", () => {
  const app = Testing.app();
  const [networkStack, clusterStack] = [testStack("network", app), testStack("cluster", app)];
  const network = new FlinkNetwork(networkStack, "network");
  cluster(clusterStack, { network, checkpointBucket: someBucket(clusterStack) });
  app.synth();
  expect(networkStack.dependencies).toEqual([]);
  expect(clusterStack.dependsOn(networkStack)).toBe(true);
});

describe("the desired state", () => {
  test("is written by Terraform under the cluster's key, after the software is there", () => {
    const object = withProps().single("aws_s3_object");
    expect(object).toMatchObject({
      bucket: "some-checkpoints",
      key: "desired-state/orders.json",
      kms_key_id: KEY_ARN,
    });
    expect(object).not.toHaveProperty("etag");
    expect(object.depends_on as string[]).toHaveLength(9);
  });

  test("carries every setting to Flink", () => {
    const state = desiredState(
      withProps({
        nodeCount: 5,
        numberOfTaskSlots: 2,
        parallelism: 10,
        restartStrategy: RestartStrategy.fixedDelay({ attempts: 7, delay: Duration.seconds(3) }),
        checkpointInterval: Duration.seconds(5),
        checkpointTimeout: Duration.minutes(3),
        pekkoAskTimeout: Duration.seconds(30),
        pekkoFrameSize: Size.mebibytes(50),
        logLevel: LogLevel.WARN,
        flinkConfiguration: { "rest.flamegraph.enabled": "true" },
      }),
    );
    const log4j = state.files.find(({ path: file }) => file.endsWith("/log4j-console.properties"));
    expect(log4j!.content).toContain("rootLogger.level = WARN");
    const configuration = flinkConfiguration(state, 4);
    expect(configuration).toMatchObject({
      "taskmanager.numberOfTaskSlots": "2",
      "parallelism.default": "10",
      "restart-strategy.type": "fixed-delay",
      "restart-strategy.fixed-delay.attempts": "7",
      "execution.checkpointing.interval": "5 s",
      "execution.checkpointing.timeout": "3 min",
      "pekko.ask.timeout": "30 s",
      "pekko.framesize": "52428800b",
      "rest.flamegraph.enabled": "true",
      "jobmanager.rpc.address": "node-5.orders.flink.internal",
      "execution.checkpointing.dir": "s3p://some-checkpoints/checkpoints/orders",
      "high-availability.storageDir": "s3p://some-checkpoints/ha/orders",
    });
  });

  test("names the authorities by their keys, and how long certificates are good", () => {
    const { certificates } = desiredState(withProps({ certificateValidity: Duration.minutes(24) }));
    expect(certificates).toEqual({
      nodeAuthorityArn: expect.stringMatching(/^\$\{aws_kms_key\.\w*NodeKey\w*\.arn\}$/),
      clientAuthorityArn: expect.stringMatching(/^\$\{aws_kms_key\.\w*ClientKey\w*\.arn\}$/),
      validitySeconds: 1440,
    });
    expect(desiredState(withProps()).certificates.validitySeconds).toBe(90 * 86_400);
    const alone = withProps({ nodeCount: 1, certificateValidity: Duration.minutes(10) });
    expect(desiredState(alone).certificates.validitySeconds).toBe(600);
  });

  test.each([FlinkVersion.V1_20, FlinkVersion.V2_2, FlinkVersion.V2_3])(
    "of Flink %s keeps hostile strings",
    (version) => {
      const synthesized = withProps({ version, flinkConfiguration: HOSTILE_CONFIGURATION, tags: HOSTILE_TAGS });
      for (const node of [0, 1, 2]) {
        expect(flinkConfiguration(desiredState(synthesized), node)).toMatchObject(HOSTILE_CONFIGURATION);
      }
      for (const machine of synthesized.all("aws_instance")) expect(machine.tags).toMatchObject(HOSTILE_TAGS);
    },
  );

  test.each([
    [1, undefined, [1]],
    [2, undefined, [1]],
    [3, undefined, [1, 2, 3]],
    [4, 1, [1]],
    [5, 5, [1, 2, 3, 4, 5]],
  ])("of %j nodes, with zooKeeperNodeCount %j: ZooKeeper on %j", (nodeCount, zooKeeperNodeCount, expected) => {
    const { nodes } = desiredState(withProps({ nodeCount, zooKeeperNodeCount }));
    expect(nodes).toHaveLength(nodeCount);
    expect(nodes.flatMap(({ zooKeeperId }) => zooKeeperId ?? [])).toEqual(expected);
  });
});

describe("a change", () => {
  /** Addresses of resources that two programs differ in. */
  function changed(before: Synthesized, after: Synthesized): string[] {
    const flat = ({ json }: Synthesized): Map<string, string> =>
      new Map(
        Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
          Object.entries(blocks).map(([id, block]) => [`${type}.${id}`, JSON.stringify(block)] as const),
        ),
      );
    const [old, now] = [flat(before), flat(after)];
    return [...new Set([...old.keys(), ...now.keys()])].filter((address) => old.get(address) !== now.get(address));
  }

  test.each<[string, Props]>([
    ["a key of Flink", { flinkConfiguration: { "rest.flamegraph.enabled": "true" } }],
    ["the restart strategy", { restartStrategy: RestartStrategy.none() }],
    ["the checkpoint interval", { checkpointInterval: Duration.seconds(5) }],
  ])("of %s changes the desired state and nothing else", (_, props) => {
    expect(changed(withProps(), withProps(props))).toEqual([expect.stringMatching(/^aws_s3_object\./)]);
  });

  test("of the slots changes the desired state, and of all else what an apply asks that takes nodes away", () => {
    const [before, after] = [withProps(), withProps({ numberOfTaskSlots: 4 })];
    expect(changed(before, after)).toEqual([
      expect.stringMatching(/^aws_s3_object\./),
      expect.stringMatching(/^terraform_data\.flink_NodeRemoval_/),
    ]);
    // A provisioner is in no plan.
    const planned = [before, after].map((synthesized) => ({
      ...synthesized.named("terraform_data", "flink_NodeRemoval"),
      provisioner: undefined,
    }));
    expect(planned[0]).toEqual(planned[1]);
  });

  test("of Flink's patch changes no machine", () => {
    const differing = changed(withProps(), withProps({ version: FlinkVersion.of("2.2.1") }));
    expect(differing).toEqual([]);
  });

  const elsewhere = (stack: TerraformStack) =>
    CheckpointBucket.fromCheckpointBucketAttributes(stack, "elsewhere", {
      bucketName: "another-bucket",
      encryptionKeyArn: KEY_ARN,
    });
  const guard = (synthesized: Synthesized) =>
    synthesized.all("terraform_data").find(({ triggers_replace: held }) => "cluster_name" in ((held ?? {}) as Block));

  test("of Flink's line goes against nothing that is held for life, but what a plan requires of the line", () => {
    const [before, after] = [withProps(), withProps({ version: FlinkVersion.V2_3 })].map(guard);
    expect(after?.triggers_replace).toEqual(before?.triggers_replace);
    expect(after?.lifecycle).toMatchObject({
      precondition: [
        { error_message: expect.stringContaining("and 2.3 is asked for") as string },
        { error_message: expect.stringContaining("and 2.3 is asked for") as string },
        {},
      ],
    });
  });

  test("to a line that reads no savepoint is allowed by a word, which the state has only then", () => {
    const [before, after] = [withProps(), withProps({ version: FlinkVersion.V1_20, allowStateLoss: true })];
    const held = (synthesized: Synthesized) => synthesized.named("terraform_data", "flink_BegunFlinkLine_");
    expect(guard(after)?.triggers_replace).toEqual(guard(before)?.triggers_replace);
    expect((guard(after)?.lifecycle as Block).precondition).toHaveLength(1);
    expect([held(before), held(after)].map(({ triggers_replace: anew }) => anew)).toEqual([
      undefined,
      { allow_state_loss: "1.20" },
    ]);
    expect(desiredState(before)).not.toHaveProperty("allowStateLoss");
    expect(desiredState(withProps({ allowStateLoss: false }))).toEqual(desiredState(before));
    expect(desiredState(withProps({ allowStateLoss: true }))).toEqual({
      ...desiredState(before),
      allowStateLoss: true,
    });
  });

  test.each<[string, (stack: TerraformStack) => Props]>([
    ["the number of ZooKeeper servers", () => ({ nodeCount: 2 })],
    ["the architecture", () => ({ instanceType: InstanceType.M7G_LARGE, software: Software.fetched() })],
    ["the bucket", (stack) => ({ checkpointBucket: elsewhere(stack) })],
    ["the name", () => ({ clusterName: "other" })],
  ])("of %s is refused at plan where the cluster is protected", (_, props) => {
    const [before, after] = [withProps(), synthesize((stack) => cluster(stack, props(stack)))].map(guard);
    expect(before?.lifecycle).toMatchObject({ prevent_destroy: true });
    expect(after?.triggers_replace).not.toEqual(before?.triggers_replace);
    expect(guard(withProps({ terminationProtection: false }))?.lifecycle).toMatchObject({ prevent_destroy: false });
  });

  test("of an authority is refused at plan: its key is held, and its ARN is fixed for the cluster's life", () => {
    const synthesized = withProps();
    const keys = authorityKeys(synthesized);
    expect(Object.keys(keys)).toHaveLength(2);
    for (const key of Object.values(keys)) expect(key.lifecycle).toEqual(PROTECTED);
    const held = synthesized.all("terraform_data").map(({ triggers_replace: values }) => values as Block);
    expect(held).toContainEqual(
      expect.objectContaining({
        node_authority: `\${aws_kms_key.${Object.keys(keys).find((id) => id.includes("NodeKey"))}.arn}`,
        client_authority: `\${aws_kms_key.${Object.keys(keys).find((id) => id.includes("ClientKey"))}.arn}`,
      }),
    );
  });

  test("to more nodes leaves the existing ones untouched", () => {
    const differing = changed(withProps({ nodeCount: 3 }), withProps({ nodeCount: 5 }));
    expect(differing.length).toBeGreaterThan(10);
    // Of what changes sizes it is only whom it would be about: what triggers it stays. What asks before nodes go is made anew, as is what
    // waits for them.
    expect(differing.filter((address) => !/_Node[45]_|_MachineSizes_|_NodeRemoval_|_Rollout_/.test(address))).toEqual([
      expect.stringMatching(/^aws_s3_object\./),
    ]);
  });

  test("of the machine size is left to the apply, which changes one machine after the other", () => {
    const before = withProps();
    const after = withProps({ instanceType: InstanceType.R7I_XLARGE });
    expect(
      changed(before, after)
        .map((address) => address.split(".")[0])
        .sort(),
    ).toEqual(["aws_instance", "aws_instance", "aws_instance", "aws_s3_object", "terraform_data", "terraform_data"]);
    for (const machine of after.all("aws_instance")) {
      expect((machine.lifecycle as Block).ignore_changes).toContain("instance_type");
    }
  });
});

test("without termination protection everything can go", () => {
  const synthesized = withProps({ terminationProtection: false });
  for (const machine of synthesized.all("aws_instance")) expect(machine.disable_api_termination).toBe(false);
  for (const held of [...synthesized.all("aws_ebs_volume"), ...Object.values(authorityKeys(synthesized))]) {
    expect(held.lifecycle).toMatchObject({ prevent_destroy: false });
  }
});

test("tags are on everything that can carry them, the names beside them", () => {
  const synthesized = withProps({ tags: { team: "ä" } });
  for (const type of [
    "aws_instance",
    "aws_ebs_volume",
    "aws_network_interface",
    "aws_security_group",
    "aws_vpc_security_group_ingress_rule",
    "aws_iam_role",
    "aws_iam_instance_profile",
    "aws_kms_key",
  ]) {
    // An endpoint is the network's: another cluster uses it too.
    const own = Object.entries(synthesized.resources(type)).filter(([id]) => !id.startsWith("flink-network_"));
    expect(own.length).toBeGreaterThan(0);
    for (const [, block] of own) expect([type, block.tags]).toEqual([type, expect.objectContaining({ team: "ä" })]);
  }
});

test("a peer may call the REST API and nothing else", () => {
  const synthesized = synthesize((stack) => cluster(stack).allowClientsFrom(Peer.cidr("10.9.0.0/16"), "office"));
  const rules = synthesized.all("aws_vpc_security_group_ingress_rule").filter((rule) => rule.cidr_ipv4);
  expect(rules.map((rule) => [rule.cidr_ipv4, rule.from_port])).toEqual([["10.9.0.0/16", 8081]]);
});

describe("certificates", () => {
  test("are signed by two keys of the cluster's own that AWS keeps, and are found by their names", () => {
    const synthesized = withProps();
    const keys = Object.entries(synthesized.resources("aws_kms_key")).filter(([id]) => id.includes("Authorities"));
    expect(keys).toHaveLength(2);
    for (const [, key] of keys) {
      expect(key).toMatchObject({
        key_usage: "SIGN_VERIFY",
        customer_master_key_spec: "RSA_3072",
        deletion_window_in_days: 30,
      });
      expect(Object.keys(statements(key.policy))).toEqual(["AccountAdministration"]);
    }
    expect(synthesized.all("aws_kms_alias").map(({ name }) => name as string)).toEqual(
      expect.arrayContaining(["alias/cdktf-flink/orders/node-authority", "alias/cdktf-flink/orders/client-authority"]),
    );
  });

  test("are signed through an endpoint of the network, which lets the nodes in", () => {
    const synthesized = synthesize((stack) => cluster(stack, { network: new FlinkNetwork(stack, "own") }));
    const name = ({ tags }: Block): string => (tags as { Name: string }).Name;
    expect(synthesized.all("aws_vpc_endpoint").map(({ service_name }) => service_name as string)).toContainEqual(
      expect.stringMatching(/\.kms$/),
    );
    expect(synthesized.all("aws_vpc_security_group_egress_rule").map(name)).toContain("nodes-to-endpoint-kms");
    expect(synthesized.all("aws_vpc_security_group_ingress_rule").map(name)).toContain("endpoint-kms-from-nodes");
    expect(findings(synthesized)).toEqual([]);
  });

  test("are signed so as well where the network is in a stack of its own", () => {
    const app = Testing.app();
    const [network, streaming] = [testStack("network", app), testStack("streaming", app)];
    cluster(streaming, { network: new FlinkNetwork(network, "own") });
    const rulesOf = (stack: TerraformStack) =>
      synthesizeStack(stack)
        .all("aws_vpc_security_group_ingress_rule")
        .map(({ from_port }) => from_port as number);
    expect(rulesOf(streaming)).toContain(443);
    expect(rulesOf(network)).toEqual([]);
    // One way only: the network is there first.
    expect(network.dependencies).toEqual([]);
  });
});

test("two clusters share a network and a bucket, and nothing else", () => {
  const stack = testStack();
  const [network, checkpointBucket] = [someNetwork(stack), someBucket(stack)];
  cluster(stack, { network, checkpointBucket, clusterName: "orders" }, "a");
  cluster(stack, { network, checkpointBucket, clusterName: "payments" }, "b");
  const synthesized = synthesizeStack(stack);
  expect(synthesized.all("aws_s3_object").map(({ key }) => key as string)).toEqual([
    "desired-state/orders.json",
    "desired-state/payments.json",
  ]);
  for (const type of ["aws_security_group", "aws_kms_alias", "aws_route53_record"]) {
    const names = synthesized.all(type).map(({ name }) => name as string);
    expect(new Set(names).size).toBe(names.length);
  }
});

test("the name is made of the stack and the construct where none is given", () => {
  expect(cluster(testStack("Streaming"), { clusterName: undefined }, "flink").clusterName).toBe("streaming-flink");
});

describe("software", () => {
  const published = Software.published({ lockFile: LOCK_FILE, origin: SoftwareOrigin.PACKAGE_REGISTRIES });

  test("that is published is only looked for, and each missing part says what to run", () => {
    const synthesized = withProps({ software: published });
    const objects = synthesized.data("aws_s3_objects");
    expect(objects).toHaveLength(7);
    for (const { bucket, prefix, lifecycle } of objects) {
      expect([bucket, prefix]).toEqual(["some-checkpoints", expect.stringMatching(/^software\/.+\/[0-9a-f]{64}\//)]);
      expect((lifecycle as { postcondition: Block[] }).postcondition[0]?.error_message).toMatch(
        /^The bucket holds no .+: run `npx cdktf-flink publish --flink 2\.2 --architecture amd64 --origin package-registries --lock-file .+ --bucket <bucket>`\.$/,
      );
    }
    expect(ofSoftware(synthesized)).toEqual([]);
  });

  test("that is fetched is published by the apply, whenever a part changes", () => {
    const synthesized = withProps({
      software: Software.fetched({ lockFile: LOCK_FILE, origin: SoftwareOrigin.PACKAGE_REGISTRIES }),
    });
    const [publish] = ofSoftware(synthesized) as [Block];
    expect((publish.triggers_replace as Block).parts).toMatch(/^agent\/.*nodejs\/.*flink-s3-fs-hadoop\//);
    const [provisioner] = publish.provisioner as { "local-exec": Block }[];
    expect(provisioner?.["local-exec"].command).toBe(
      'node "$CLI" publish --flink 2.2 --architecture amd64 --origin package-registries --no-logs --no-metrics --no-connector --bucket "$BUCKET" --region "$REGION" --lock-file "$LOCK_FILE"',
    );
    expect(synthesized.data("aws_s3_objects")).toEqual([]);
    expect(synthesized.single("aws_s3_object").depends_on).toEqual([
      expect.stringMatching(/^terraform_data\..*Publish/),
      expect.stringMatching(/^aws_resourcegroups_group\..*NameClaim/),
      expect.stringMatching(/^terraform_data\..*MachineSizes_Larger/),
    ]);
  });

  test.each([
    ["no lock file", path.join(__dirname, "no such.lock.json"), " --lock-file '", SoftwareOrigin.PACKAGE_REGISTRIES],
    ["a lock file without the origin", LOCK_FILE, " --lock-file /", SoftwareOrigin.OFFICIAL],
  ])("with %s: a warning at synth, and a plan that fails with the command", (_, lockFile, option, origin) => {
    const stack = testStack();
    const made = cluster(stack, { software: Software.fetched({ lockFile, origin }) });
    const synthesized = synthesizeStack(stack);
    const command = `run \`npx cdktf-flink fetch --flink 2.2 --architecture amd64 --origin ${origin}${option}`;
    expect(warningsOf(made)).toContainEqual(expect.stringContaining(command));
    expect(ofSoftware(synthesized)[0]?.lifecycle).toEqual({
      precondition: [{ condition: '${path.module == ""}', error_message: expect.stringContaining(command) as string }],
    });
    expect(synthesized.all("aws_s3_object")).toEqual([]);
    expect(synthesized.all("aws_instance")).toHaveLength(3);
  });
});

/** What is said when the program is synthesized, of a construct and all in it. */
function warningsOf(construct: IConstruct): string[] {
  const said = construct.node.findAll().flatMap(({ node }) => node.metadata);
  return said.filter(({ type }) => type.endsWith("warn")).map(({ data }) => data as string);
}

test("a release that no command can fetch is told as such, with those that it can", () => {
  const stack = testStack();
  const made = cluster(stack, { version: FlinkVersion.of("2.9") });
  const synthesized = synthesizeStack(stack);
  const message =
    /has no Flink 2\.9 .*, and this version of cdktf-flink fetches Flink 1\.20\.\d+, 2\.2\.\d+, 2\.3\.\d+ only: set version to /;
  expect(warningsOf(made)).toContainEqual(expect.stringMatching(message));
  expect(ofSoftware(synthesized)[0]?.lifecycle).toMatchObject({
    precondition: [{ error_message: expect.stringMatching(message) as string }],
  });
});

test("an existing cluster creates nothing and knows where state lies", () => {
  const stack = testStack("stack", Testing.app());
  const existing = FlinkCluster.fromFlinkClusterAttributes(stack, "existing", {
    clusterName: "orders",
    restAddresses: ["https://node-1.orders.flink.internal:8081"],
    clientSecurityGroupId: "sg-0123456789abcdef0",
    jobRoleName: "orders-job-1",
    checkpointBucketName: "some-checkpoints",
    nodeAuthorityArn: KEY_ARN,
    clientAuthorityArn: `${KEY_ARN.slice(0, -1)}0`,
  });
  expect(existing.nodeAuthorityArn).toBe(KEY_ARN);
  expect(existing.clientAuthorityArn).not.toBe(KEY_ARN);
  expect(existing.checkpointsUri).toBe("s3p://some-checkpoints/checkpoints/orders");
  expect(existing.savepointsUri).toBe("s3p://some-checkpoints/savepoints/orders");
  expect(synthesizeStack(stack).json.resource).toBeUndefined();
});
