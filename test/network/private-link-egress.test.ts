import { TerraformStack, TerraformVariable } from "cdktf";
import {
  Egress,
  FlinkCluster,
  FlinkNetwork,
  FlinkNetworkProps,
  IKafkaCluster,
  KafkaAuthentication,
  KafkaCluster,
  KafkaClusterAttributes,
  PrivateLinkEgressOptions,
} from "../../lib";
import { cluster, someNetwork } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, Synthesized, synthesize, testStack } from "../support/synth";

const SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0";
const OTHER_SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef1";
const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka-AbCdEf";

function kafka(
  stack: TerraformStack,
  options: PrivateLinkEgressOptions,
  given: Partial<KafkaClusterAttributes> = {},
  id = "orders",
): IKafkaCluster {
  return KafkaCluster.fromKafkaClusterAttributes(stack, id, {
    bootstrapServers: ["Kafka.example.com:9092", "kafka.example.com:9093"],
    egress: Egress.privateLink(options),
    authentication: KafkaAuthentication.scramSha512({ secretArn }),
    ...given,
  });
}

const withNetwork = (stack: TerraformStack, props?: FlinkNetworkProps): FlinkCluster =>
  cluster(stack, { nodeCount: 1, network: new FlinkNetwork(stack, "network", props) });

/** A cluster in a network of ours, whose jobs read Kafka by this way. */
function program(options: PrivateLinkEgressOptions, given?: Partial<KafkaClusterAttributes>): Synthesized {
  return synthesize((stack) => withNetwork(stack).readFrom(kafka(stack, options, given).topics("orders")));
}

const endpoints = (synthesized: Synthesized): Block[] =>
  synthesized.all("aws_vpc_endpoint").filter(({ service_name }) => /vpce-svc|var\./.test(service_name as string));

/** Rules of one direction whose own group or peer is that of the endpoint, as names of the two sides and the port. */
function rulesOfEndpoint(synthesized: Synthesized, direction: "egress" | "ingress"): unknown[] {
  const side = (reference: string) => /private-link|Firewall_nodes/.exec(reference ?? "")?.[0];
  return synthesized
    .all(`aws_vpc_security_group_${direction}_rule`)
    .map((rule) => [
      side(rule.security_group_id as string),
      side(rule.referenced_security_group_id as string),
      rule.from_port,
      rule.to_port,
    ])
    .filter((sides) => sides.includes("private-link"))
    .sort();
}

test("the network gets an endpoint, closed but to nodes at the system's ports", () => {
  const synthesized = program({ serviceName: SERVICE });
  const [endpoint, ...others] = endpoints(synthesized);
  expect(others).toEqual([]);
  expect(endpoint).toMatchObject({
    service_name: SERVICE,
    vpc_endpoint_type: "Interface",
    private_dns_enabled: false,
    security_group_ids: [expect.stringMatching(/^\$\{aws_security_group\.network_private-link-\S+\.id\}$/)],
  });
  expect(endpoint).not.toHaveProperty("policy");
  expect(endpoint).not.toHaveProperty("service_region");
  const ports = [9092, 9093];
  expect(rulesOfEndpoint(synthesized, "egress")).toEqual(
    ports.map((port) => ["Firewall_nodes", "private-link", port, port]),
  );
  expect(rulesOfEndpoint(synthesized, "ingress")).toEqual(
    ports.map((port) => ["private-link", "Firewall_nodes", port, port]),
  );
  expect(findings(synthesized)).toEqual([]);
});

test("it stands in those zones alone in which the service is offered", () => {
  const synthesized = program({ serviceName: SERVICE });
  const [endpoint] = endpoints(synthesized);
  const [service] = Object.keys(synthesized.json.data.aws_vpc_endpoint_service as object);
  const zones = `tolist(data.aws_vpc_endpoint_service.${service}.availability_zones)`;
  expect(endpoint.subnet_ids).toMatch(
    /^\$\{matchkeys\(\[aws_subnet\.\S+\.id, .*\], \[aws_subnet\.\S+\.availability_zone, /,
  );
  expect(endpoint.subnet_ids).toContain(zones);
  expect(endpoint.lifecycle.precondition[0].condition).toMatch(
    /^\$\{\(length\(setintersection\(tolist\(data\..*\]\)\) >= 1\)\}$/,
  );
});

test.each([SERVICE, SERVICE.replace("eu-west-1", "us-east-1")])(
  "while AWS has no name of it, as its owner has not accepted it, what to do is said: %s",
  (serviceName) => {
    const [endpoint] = endpoints(program({ serviceName }));
    expect(endpoint.lifecycle.postcondition).toEqual([
      {
        condition: "${length(self.dns_entry) >= 1}",
        error_message: `The endpoint of ${serviceName} has no name yet: let whoever offers the service accept the connection, and apply again.`,
      },
    ]);
  },
);

test("the name of each host leads to it, once", () => {
  const synthesized = program({ serviceName: SERVICE });
  const zone = synthesized.named("aws_route53_zone", "network_names-of");
  expect(zone).toMatchObject({ name: "kafka.example.com", vpc: [{ vpc_id: expect.stringContaining("aws_vpc.") }] });
  const dnsEntry = /^\$\{aws_vpc_endpoint\.network_private-link-\S+\.dns_entry\[0\]\./;
  expect(synthesized.all("aws_route53_record").filter(({ alias }) => alias !== undefined)).toEqual([
    expect.objectContaining({
      name: "kafka.example.com",
      type: "A",
      zone_id: expect.stringContaining("names-of"),
      alias: {
        name: expect.stringMatching(dnsEntry),
        zone_id: expect.stringMatching(dnsEntry),
        evaluate_target_health: false,
      },
    }),
  ]);
});

test("a domain leads there with all names in it", () => {
  const synthesized = program({ serviceName: SERVICE, domain: "example.com" });
  expect(synthesized.named("aws_route53_zone", "network_names-of").name).toBe("example.com");
  const aliases = synthesized.all("aws_route53_record").filter(({ alias }) => alias !== undefined);
  expect(aliases.map(({ name }) => name as string).sort()).toEqual(["*.example.com", "example.com"]);
});

test("a service of another region is named with it, and has no zones in common with the network", () => {
  const synthesized = program({ serviceName: SERVICE.replace("eu-west-1", "us-east-1") });
  const [endpoint] = endpoints(synthesized);
  expect(endpoint.service_region).toBe("us-east-1");
  expect(endpoint.subnet_ids).toHaveLength(3);
  expect(synthesized.data("aws_vpc_endpoint_service")).toEqual([]);
});

test("systems and clusters in one network share endpoint and names", () => {
  const synthesized = synthesize((stack) => {
    const network = someNetwork(stack);
    for (const clusterName of ["orders", "clicks"]) {
      const flink = cluster(stack, { nodeCount: 1, network, clusterName }, clusterName);
      flink.readFrom(kafka(stack, { serviceName: SERVICE }, {}, `${clusterName}-in`).topics("in"));
      flink.writeTo(kafka(stack, { serviceName: SERVICE }, {}, `${clusterName}-out`).topics("out"));
    }
  });
  expect(endpoints(synthesized)).toHaveLength(1);
  expect(synthesized.all("aws_route53_zone")).toHaveLength(1);
  expect(rulesOfEndpoint(synthesized, "ingress")).toHaveLength(4);
});

test("one name cannot lead to two services", () => {
  expect(() =>
    synthesize((stack) => {
      const flink = withNetwork(stack);
      flink.readFrom(kafka(stack, { serviceName: SERVICE }).topics("in"));
      flink.writeTo(kafka(stack, { serviceName: OTHER_SERVICE }, {}, "again").topics("out"));
    }),
  ).toThrow(
    `stack/flink: serviceName of stack/again is "${OTHER_SERVICE}", but must be the service to which kafka.example.com leads in stack/network already: name one service for the same hosts, or give each of the systems a domain of its own`,
  );
});

test.each<[string, string | undefined, string, string | undefined, string]>([
  ["a host within it", "example.com", "orders.example.com", undefined, "a host"],
  ["a domain within it", "example.com", "b-1.orders.example.com", "orders.example.com", "domain"],
  ["one that holds it", undefined, "b-1.example.com", "example.com", "domain"],
])(
  "a domain is for one service, which names in it would not reach any more: %s",
  (_, first, host, second, property) => {
    const twice = (serviceName: string) =>
      synthesize((stack) => {
        const flink = withNetwork(stack);
        flink.readFrom(kafka(stack, { serviceName: SERVICE, domain: first }).topics("in"));
        const given = { bootstrapServers: [`${host}:9092`] };
        flink.writeTo(kafka(stack, { serviceName, domain: second }, given, "other").topics("out"));
      });
    for (const serviceName of [OTHER_SERVICE, SERVICE]) {
      expect(() => twice(serviceName)).toThrow(
        `stack/flink: ${property} of stack/other is "${second ?? host}", but must be apart from ${first ?? "kafka.example.com"}, which leads to an endpoint in stack/network already, as the one would hide names in the other: give`,
      );
    }
  },
);

test("hosts of which one is named like the domain of another have a zone each", () => {
  const bootstrapServers = ["example.com:9092", "b-1.example.com:9093"];
  const zones = program({ serviceName: SERVICE }, { bootstrapServers }).all("aws_route53_zone");
  expect(zones.map(({ name }) => name)).toEqual(expect.arrayContaining(["example.com", "b-1.example.com"]));
});

test("a name among those of the nodes is refused, as it would hide them", () => {
  expect(() =>
    synthesize((stack) => {
      const flink = withNetwork(stack, { domainName: "example.com" });
      flink.readFrom(kafka(stack, { serviceName: SERVICE }).topics("in"));
    }),
  ).toThrow(
    'stack/flink: a host of stack/orders is "kafka.example.com", but must be outside of example.com, which holds the names of the nodes: use a domain of the system\'s own, as its certificate carries it',
  );
});

describe("what only Terraform knows", () => {
  const token = (stack: TerraformStack, id: string) => new TerraformVariable(stack, id, {}).stringValue;

  test("may be the service", () => {
    const synthesized = synthesize((stack) => {
      const options = { serviceName: token(stack, "service") };
      withNetwork(stack).readFrom(kafka(stack, options).topics("orders"));
    });
    expect(endpoints(synthesized)).toEqual([expect.objectContaining({ service_name: "${var.service}" })]);
  });

  test("may be the brokers, within a domain that is given", () => {
    const build = (domain?: string) => (stack: TerraformStack) => {
      const given = { bootstrapServers: [token(stack, "servers")], port: 9092 };
      withNetwork(stack).readFrom(kafka(stack, { serviceName: SERVICE, domain }, given).topics("orders"));
    };
    expect(synthesize(build("example.com")).named("aws_route53_zone", "network_names-of").name).toBe("example.com");
    expect(() => synthesize(build())).toThrow(
      "stack/orders: domain of Egress.privateLink is undefined, but must be given, because only Terraform knows bootstrapServers: set it to the one that holds the system's hosts",
    );
  });
});

test.each<[string, PrivateLinkEgressOptions, string]>([
  ["outside of the domain", { serviceName: SERVICE, domain: "example.org" }, 'bootstrapServers is "kafka.example.com"'],
])("refuses a host %s", (_, options, message) => {
  expect(() => kafka(testStack(), options)).toThrow(
    `stack/orders: ${message}, but must be within example.org, the domain of Egress.privateLink: `,
  );
});

describe("brokers are told apart by their ports alone", () => {
  const SAME_PORT = ["b-1.example.com:9092", "b-2.example.com:9093", "B-3.example.com:9092"];
  const MSK = ["b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9096"];
  const clusterArn = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-cdef-0123-456789abcdef-2";
  const options = { serviceName: SERVICE, domain: "example.com" };

  test("two at one port are refused", () => {
    expect(() => kafka(testStack(), options, { bootstrapServers: SAME_PORT })).toThrow(
      `stack/orders: bootstrapServers is "b-3.example.com:9092", but must be at a port of its own, because Egress.privateLink to ${SERVICE} leads all names to one place, where ports alone tell brokers apart: let whoever offers the service give each broker another port, or use Egress.peered`,
    );
  });

  test("one that is named twice is one", () => {
    const bootstrapServers = ["b-1.example.com:9092", "B-1.example.com:9092"];
    expect(kafka(testStack(), options, { bootstrapServers }).bootstrapServers).toEqual(bootstrapServers);
  });

  test("those of Amazon MSK are refused, which share a port always", () => {
    const refusal =
      /^stack\/orders: bootstrapServers is .+, but must be of another Kafka than Amazon MSK, .+: use Egress\.peered$/;
    expect(() => kafka(testStack(), { serviceName: SERVICE }, { bootstrapServers: MSK })).toThrow(refusal);
    const stack = testStack();
    const servers = new TerraformVariable(stack, "servers", {}).stringValue;
    const authentication = KafkaAuthentication.iam({ clusterArn });
    expect(() => kafka(stack, options, { bootstrapServers: [servers], authentication })).toThrow(refusal);
  });

  test("of a text that only Terraform knows, one broker alone is taken", () => {
    const build = (more: readonly string[]) => (stack: TerraformStack) => {
      const servers = new TerraformVariable(stack, "servers", {}).stringValue;
      const given = { bootstrapServers: [servers, ...more], port: 9092 };
      withNetwork(stack).readFrom(kafka(stack, options, given).topics("orders"));
    };
    const policy = synthesize(build([]))
      .all("aws_iam_role_policy")
      .find(({ name }) => /^read-kafka/.test(name as string))!;
    expect(policy.lifecycle.precondition).toContainEqual({
      condition: '${can(regex("^[A-Za-z0-9.-]+:9092$", var.servers))}',
      error_message:
        "stack/orders must be given one broker at port 9092, as a private link leads to one at each port, and is given another text: correct bootstrapServers or port.",
    });
    expect(() => synthesize(build(["b-1.example.com:9092"]))).toThrow(
      'stack/orders: bootstrapServers is "b-1.example.com:9092", but must be at a port of its own, because',
    );
  });
});

test("refuses a host that is no name in a domain", () => {
  expect(() => kafka(testStack(), { serviceName: SERVICE }, { bootstrapServers: ["kafka:9092"] })).toThrow(
    /^stack\/orders: bootstrapServers is "kafka", but must be a lower-case domain name of two labels or more/,
  );
});

const DOMAINS_OF_AWS = [
  "company.abc123.us-east-1.rds.amazonaws.com",
  "company.abc123.rds.cn-north-1.amazonaws.com.cn",
  "vpc-search-abc123.us-east-1.es.amazonaws.com",
  "vpc-search-abc123.aos.us-east-1.on.aws",
];

test.each(DOMAINS_OF_AWS)("takes a name that AWS gives to a system: %s", (domain) => {
  expect(String(Egress.privateLink({ serviceName: SERVICE, domain }))).toBe(`Egress.privateLink to ${SERVICE}`);
});

test.each([
  "amazonaws.com",
  "eu-west-1.amazonaws.com",
  "s3.eu-west-1.amazonaws.com",
  "bucket.s3.eu-west-1.amazonaws.com",
  "kafka.eu-west-1.amazonaws.com",
  "rds.amazonaws.com",
  "eu-west-1.es.amazonaws.com",
  "aos.eu-west-1.on.aws",
  "on.aws",
  "compute.internal",
  "com",
  "com.au",
  "co.uk",
  "abc123.eu-west-1.rds.amazonaws.com",
  "abc123.rds.cn-north-1.amazonaws.com.cn",
  "c2.kafka.eu-west-1.amazonaws.com",
  "b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com",
])("refuses a domain that holds what nodes need of AWS: %s", (domain) => {
  expect(() => Egress.privateLink({ serviceName: SERVICE, domain })).toThrow(
    /^domain of Egress\.privateLink is ".+", but must be a lower-case domain name of two labels or more and at most 200 characters, of one system, for which neither AWS nor/,
  );
});

test.each(["com.amazonaws.eu-west-1.s3", "vpce-svc-0123456789abcdef0", `${SERVICE}\n`])(
  "refuses a service of AWS itself and what is none: %j",
  (serviceName) => {
    expect(() => Egress.privateLink({ serviceName })).toThrow(
      /^serviceName of Egress\.privateLink is ".+", but must be the name of an endpoint service of others, such as com\.amazonaws\.vpce\./,
    );
  },
);
