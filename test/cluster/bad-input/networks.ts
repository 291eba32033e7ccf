import { Duration, FlinkNetwork, FlinkNetworkAttributes, FlinkNetworkProps } from "../../../lib";
import { NETWORK_ATTRIBUTES, someNetwork } from "../support";
import { KEYS } from "./made-in-stack";
import { Given, once, props, Row } from "./row";
import { DESCRIPTIONS, PEER, PEERS } from "./shared-values";
import { BARE, EMPTY, HOSTILE_TEXTS, TOKENS } from "./values";

const DOMAIN_NAMES = {
  takes: ["flink.internal", "a.b-c.d1"],
  refuses: ["internal", "Flink.internal", "flink.internal.", "x.local", `${"a.".repeat(100)}internal`, "a.b\n"],
};

const ZONES = {
  takes: [
    ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    [TOKENS.text, "eu-west-1b", "eu-west-1c"],
  ],
  refuses: [
    "eu-west-1a",
    ["eu-west-1a", "eu-west-1b"],
    ["eu-west-1a", "eu-west-1a", "eu-west-1b"],
    ...HOSTILE_TEXTS.map((text) => [text, "eu-west-1b", "eu-west-1c"]),
  ],
};

const SERVICES: Given & { named: string } = {
  named: "service",
  takes: ["x", "null", "kms", "ecr.api"],
  refuses: ["s3", "KMS", "kms."],
  required: true,
};

export const PRIVATE_BLOCKS = [
  "0.0.0.0/0",
  "8.8.0.0/16",
  "172.32.0.0/16",
  "10.40.0.1/16",
  "10.40/16",
  "fd00::/16",
  "10.40.0.0",
];

const network = props<FlinkNetworkProps>("FlinkNetworkProps", (stack, given) => new FlinkNetwork(stack, "n", given));
const existingNetwork = props<FlinkNetworkAttributes>("FlinkNetworkAttributes", (stack, given) =>
  FlinkNetwork.fromFlinkNetworkAttributes(stack, "n", { ...NETWORK_ATTRIBUTES, ...given }),
);
const refusingNetwork = once((stack) => new FlinkNetwork(stack, "n"));

export const NETWORKS: Row[] = [
  network("cidr", {
    takes: ["10.40.0.0/16", "192.168.7.0/24"],
    refuses: [...PRIVATE_BLOCKS, "10.0.0.0/15", "10.0.0.0/25", "10.40.0.0/16\n"],
  }),
  network("availabilityZoneCount", { takes: [1, 3], refuses: [2, 4, "3"] }),
  network("availabilityZones", ZONES),
  network("domainName", DOMAIN_NAMES),
  network("flowLogEncryptionKey", KEYS),
  network("flowLogRetention", {
    takes: [Duration.days(365), Duration.days(3653)],
    refuses: [Duration.days(364), Duration.days(366), Duration.hours(365 * 24 + 1), 365],
  }),
  existingNetwork("vpcId", {
    takes: ["vpc-01234567", TOKENS.text],
    refuses: ["vpc-", "vpc-012345678", "vpc-01234567\n"],
    required: true,
  }),
  existingNetwork("cidr", {
    takes: ["10.1.0.0/16", "10.1.2.0/28"],
    refuses: [...PRIVATE_BLOCKS, "10.1.2.0/29"],
    required: true,
  }),
  existingNetwork("subnetIds", {
    takes: [NETWORK_ATTRIBUTES.subnetIds, [TOKENS.text, ...NETWORK_ATTRIBUTES.subnetIds.slice(1)]],
    refuses: [
      NETWORK_ATTRIBUTES.subnetIds.slice(0, 2),
      Array(3).fill("subnet-00000000000000001"),
      ...HOSTILE_TEXTS.map((text) => [text, ...NETWORK_ATTRIBUTES.subnetIds.slice(1)]),
    ],
    required: true,
  }),
  existingNetwork("availabilityZones", ZONES),
  existingNetwork("s3PrefixListId", {
    takes: ["pl-6da54004", TOKENS.text],
    refuses: ["pl-", "com.amazonaws.eu-west-1.s3"],
    required: true,
  }),
  existingNetwork("interfaceEndpoints", {
    isMap: true,
    takes: [EMPTY, BARE, { kms: "sg-01234567" }, { kms: TOKENS.text }],
    refuses: [["kms"], { s3: "sg-01234567" }],
  }),
  {
    input: "FlinkNetworkAttributes.interfaceEndpoints",
    about: "security group",
    named: "interfaceEndpoints.kms",
    give: (stack, value) =>
      FlinkNetwork.fromFlinkNetworkAttributes(stack, "n", {
        ...NETWORK_ATTRIBUTES,
        interfaceEndpoints: { kms: value },
      }),
    takes: ["sg-01234567", TOKENS.text],
    required: true,
  },
  existingNetwork("privateZoneId", {
    takes: ["Z0123456789ABCDEFGHIJ", TOKENS.text],
    refuses: ["z0123", "Z"],
    required: true,
  }),
  existingNetwork("domainName", { ...DOMAIN_NAMES, required: true }),
  ...["FlinkNetwork", "IFlinkNetwork"].map((owner): Row => ({
    input: `${owner}.addInterfaceEndpoint(service)`,
    ...SERVICES,
    give: (stack, value) => {
      (owner === "FlinkNetwork" ? refusingNetwork() : someNetwork(stack)).addInterfaceEndpoint(value);
    },
  })),
  {
    input: "IInterfaceEndpoint.allowFrom(peer)",
    ...PEERS,
    give: (stack, value) => someNetwork(stack).addInterfaceEndpoint("ecr.api").allowFrom(value, "why"),
  },
  {
    input: "IInterfaceEndpoint.allowFrom(description)",
    ...DESCRIPTIONS,
    give: (stack, value) => someNetwork(stack).addInterfaceEndpoint("ecr.api").allowFrom(PEER, value),
  },
];
