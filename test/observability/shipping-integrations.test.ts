import type { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import {
  FlinkCluster,
  FlinkNetwork,
  LogDestination,
  LogIntegration,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  OpenSearchAuthentication,
} from "../../lib";
import { cluster, KEY_ARN, NETWORK_ATTRIBUTES } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, testStack } from "../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:writer-AbCdEf";
const GROUP = "sg-0123456789abcdef0";
const SERVER = { host: "server.example.internal", securityGroupId: GROUP };
const SECRET = { secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN };

const TO_OPENSEARCH = LogDestination.openSearch({
  ...{ ...SERVER, port: 9200 },
  authentication: OpenSearchAuthentication.basic(SECRET),
});
const TO_INFLUXDB = MetricsDestination.influxDb({
  ...{ ...SERVER, databaseName: "metrics" },
  authentication: MetricsAuthentication.basic(SECRET),
});

/** Makes what ships something of a cluster. */
type Make = (stack: TerraformStack, id: string, source: FlinkCluster) => IConstruct;

interface Kind {
  readonly what: "logs" | "metrics";
  /** As names of roles and statements have it. */
  readonly title: "Logs" | "Metrics";
  readonly integration: "LogIntegration" | "MetricsIntegration";
  /** Programs that ship it. */
  readonly programs: RegExp;
  /** To a server of others, by the name and the password of a secret. */
  readonly toServer: Make;
  readonly port: number;
  /** To a service of AWS. */
  readonly toAws: Make;
}

const KINDS: readonly Kind[] = [
  {
    ...{ what: "logs", title: "Logs", integration: "LogIntegration", programs: /otelcol|log-exporter/i, port: 9200 },
    toServer: (stack, id, source) => new LogIntegration(stack, id, { source, destination: TO_OPENSEARCH }),
    toAws: (stack, id, source) => new LogIntegration(stack, id, { source, destination: LogDestination.cloudWatch() }),
  },
  {
    ...{ what: "metrics", title: "Metrics", integration: "MetricsIntegration", programs: /telegraf/i, port: 8086 },
    toServer: (stack, id, source) => new MetricsIntegration(stack, id, { source, destination: TO_INFLUXDB }),
    toAws: (stack, id, source) => {
      const destination = MetricsDestination.amazonPrometheus({ workspaceId: "ws-12345678" });
      return new MetricsIntegration(stack, id, { source, destination });
    },
  },
];

const policyNamed = (synthesized: Synthesized, name: string): Block =>
  synthesized.all("aws_iam_role_policy").find((policy) => policy.name === name)!;

describe.each(KINDS)("what ships $what", ({ what, title, integration, programs, toServer, port, toAws }) => {
  const shipping = (make: Make) => synthesize((stack) => void make(stack, what, cluster(stack, { nodeCount: 1 })));
  const synthesized = shipping(toServer);

  test("has a role of its own, which the cluster's machines alone may take", () => {
    const roles = Object.entries(synthesized.resources("aws_iam_role"));
    const [id, role] = roles.find(([name]) => name.startsWith(`flink_${title}_`))!;
    expect(role).toMatchObject({
      name_prefix: `orders-${what}-`,
      description: `${title} of the Flink cluster orders`,
    });
    const [nodeRole] = roles.find(([name]) => /^flink_Role_[0-9A-F]+$/.test(name))!;
    expect(statements(role.assume_role_policy)).toEqual({
      MachinesOfTheCluster: expect.objectContaining({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: `\${aws_iam_role.${nodeRole}.arn}` },
      }),
    });
    const take = policyNamed(synthesized, `take-${what}-role`);
    expect(take).toMatchObject({ role: `\${aws_iam_role.${nodeRole}.name}` });
    expect(statements(take.policy)).toEqual({
      [`Take${title}Role`]: expect.objectContaining({
        Action: ["sts:AssumeRole"],
        Resource: [`\${aws_iam_role.${id}.arn}`],
      }),
    });
  });

  test("gives nothing to the jobs' role", () => {
    const ofJobs = synthesized.all("aws_iam_role_policy").filter(({ role }) => /Role_Job/.test(role as string));
    expect(ofJobs.map(({ name }) => name)).toEqual(["flink-job"]);
  });

  test("has policies that machines come after, and go before", () => {
    const { depends_on: dependsOn } = synthesized.single("aws_instance");
    const ids = Object.keys(synthesized.resources("aws_iam_role_policy"));
    const policies = ids.filter((id) => id.startsWith(`flink_${title}_`));
    expect(policies).toHaveLength(2);
    for (const id of policies) expect(dependsOn).toContain(`aws_iam_role_policy.${id}`);
  });

  test("has no rule of ours against it", () => {
    expect(findings(synthesized)).toEqual([]);
    expect(findings(shipping(toAws))).toEqual([]);
  });

  test("is nowhere in a cluster without it", () => {
    const { text } = synthesize((stack) => cluster(stack, { nodeCount: 1 }));
    for (const none of [programs, new RegExp(`take-${what}-role|flink-${what}`)]) expect(text).not.toMatch(none);
  });

  test("reads the one secret of a server, through the network's endpoint", () => {
    expect(statements(policyNamed(synthesized, `flink-${what}`).policy)).toEqual({
      WriteCredential: expect.objectContaining({ Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET_ARN] }),
      WriteKey: expect.objectContaining({
        Action: ["kms:Decrypt"],
        Resource: [KEY_ARN],
        Condition: {
          StringEquals: expect.objectContaining({ "kms:EncryptionContext:SecretARN": [SECRET_ARN] }) as unknown,
        },
      }),
    });
    expect(synthesized.all("aws_vpc_endpoint").map(({ service_name }) => service_name)).toContainEqual(
      expect.stringMatching(/\.secretsmanager$/),
    );
  });

  test("opens the doors to a server on both sides, at its port alone, and says what for", () => {
    const atPort = { from_port: port, to_port: port };
    const outwards = synthesized
      .all("aws_vpc_security_group_egress_rule")
      .filter(({ referenced_security_group_id }) => referenced_security_group_id === GROUP);
    expect(outwards).toEqual([expect.objectContaining({ ...atPort, description: `Where ${what} go: stack/${what}` })]);
    const inwards = synthesized
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ security_group_id }) => security_group_id === GROUP);
    expect(inwards).toEqual([expect.objectContaining(atPort)]);
  });

  test("is there once for a cluster", () => {
    synthesize((stack) => {
      const source = cluster(stack, { nodeCount: 1 });
      toServer(stack, what, source);
      expect(() => toAws(stack, "second", source)).toThrow(
        `stack/second: source is "the construct stack/flink", but must be a cluster whose ${what} go nowhere yet, and stack/${what} has them: leave out one of stack/${what} and stack/second`,
      );
    });
  });

  test("is of a cluster of the same program and the same stack", () => {
    const stack = testStack("one");
    const source = cluster(stack, { nodeCount: 1 });
    const other = testStack("two", stack.node.root as never);
    expect(() => toAws(other, what, source)).toThrow(
      `two/${what}: source is "the construct one/flink", but must be a cluster of the same stack, as each would wait for the other: make the ${integration} in the stack one`,
    );
    const existing = FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", NETWORK_ATTRIBUTES);
    expect(() => toAws(stack, what, existing as never)).toThrow(
      `one/${what}: source is "the construct one/network", but must be a FlinkCluster of this program, `,
    );
  });
});
