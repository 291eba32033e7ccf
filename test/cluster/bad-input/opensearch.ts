import { TerraformStack } from "cdktf";
import {
  Duration,
  InstanceType,
  OpenSearchAuthentication,
  OpenSearchCluster,
  OpenSearchClusterAttributes,
  OpenSearchClusterProps,
  OpenSearchIndexTemplateProps,
  OpenSearchInstanceType,
  OpenSearchVersion,
  RemovalPolicy,
  Size,
} from "../../../lib";
import { NETWORK_ATTRIBUTES, someNetwork } from "../support";
import { BY_PROXY, EGRESSES } from "./egress";
import { BUCKET, KEYS, NETWORK, OWN_NETWORK } from "./made-in-stack";
import { enumeration, Given, isEmptyOptions, props, Row, whole } from "./row";
import { CERTIFICATES, CONNECTION_NAMES, GROUP_IDS, HOSTS, PEMS } from "./shared-values";
import { DOMAIN_ARN, existingOpenSearch, OPENSEARCH_ATTRIBUTES, PASSWORD, SECRET_ARN } from "./systems";
import { COMMON, TOKENS } from "./values";

const openSearch = props<OpenSearchClusterAttributes>("OpenSearchClusterAttributes", (stack, given) =>
  existingOpenSearch(stack, "o", { ...OPENSEARCH_ATTRIBUTES, ...given }),
);

const INDEX_NAMES = {
  takes: ["x", "null", "0.10", "orders", "orders-*", "or*", "a".repeat(255)],
  refuses: ["*", "o*", "a*b", "orders-**", "Orders", "_all", "-a", ".kibana", "a/b", "a,b", "a".repeat(256), "a\n"],
  required: true,
};

const OPENSEARCH_PROPS = { masterUserArn: "arn:aws:iam::123456789012:role/search-admin" };
/** Of which the deploy makes what lies in it. */
const provided = (stack: TerraformStack, given: Partial<OpenSearchClusterProps> = {}) =>
  new OpenSearchCluster(stack, "o", { network: someNetwork(stack), ...given });
export const newOpenSearch = (stack: TerraformStack, id: string, given: Partial<OpenSearchClusterProps>) =>
  new OpenSearchCluster(stack, id, { ...OPENSEARCH_PROPS, ...given } as OpenSearchClusterProps);

const ownOpenSearch = props<Partial<OpenSearchClusterProps>>("OpenSearchClusterProps", (stack, given) =>
  newOpenSearch(stack, "o", "network" in given ? given : { ...given, network: someNetwork(stack) }),
);

export const OWN_OPENSEARCH: Row[] = [
  ownOpenSearch("network", {
    takes: [NETWORK, OWN_NETWORK],
    refuses: [BUCKET, NETWORK_ATTRIBUTES],
    required: true,
  }),
  ownOpenSearch("masterUserArn", {
    takes: [
      OPENSEARCH_PROPS.masterUserArn,
      "arn:aws-cn:iam::123456789012:user/people/search.admin@example",
      TOKENS.text,
    ],
    refuses: [
      "search-admin",
      "arn:aws:iam::123456789012:root",
      "arn:aws:iam::123456789012:role/*",
      "arn:aws:sts::123456789012:assumed-role/search-admin/me",
      `${OPENSEARCH_PROPS.masterUserArn}\n`,
    ],
  }),
  ownOpenSearch("domainName", {
    takes: ["abc", "null", `a${"-".repeat(27)}`],
    refuses: ["ab", "a".repeat(29), "Search", "1ab", "a_b", "abc\n"],
  }),
  ownOpenSearch("version", {
    takes: [OpenSearchVersion.V2_19, OpenSearchVersion.V3_5, OpenSearchVersion.of("2.17")],
    refuses: ["2.19", "OpenSearch_2.19"],
  }),
  ...(["dataNodeType", "masterNodeType"] as const).map((name) =>
    ownOpenSearch(name, {
      takes: [OpenSearchInstanceType.R7G_LARGE, OpenSearchInstanceType.of("r8g.large.search")],
      refuses: ["r7g.large.search", InstanceType.M7I_LARGE],
    }),
  ),
  ownOpenSearch("dataNodesPerZone", whole(1, 26)),
  ownOpenSearch("storagePerDataNode", {
    takes: [Size.gibibytes(10), Size.gibibytes(24 * 1024)],
    refuses: [Size.gibibytes(9), Size.gibibytes(24 * 1024 + 1), Size.mebibytes(10 * 1024 + 1), 100],
  }),
  ownOpenSearch("allowExplicitIndex", { takes: [true, false], refuses: ["true", 1] }),
  ownOpenSearch("jobsMayAddFields", { takes: [true, false], refuses: ["true", 1] }, { masterUserArn: undefined }),
  ownOpenSearch("jobsMayAddFields", {
    ...{ about: "where others administer", takes: [undefined], refuses: [true, false], own: true },
  }),
  ownOpenSearch("offPeakStartHour", whole(0, 23)),
  ownOpenSearch("encryptionKey", KEYS),
  ownOpenSearch("logRetention", {
    takes: [Duration.days(365), Duration.days(3653)],
    refuses: [Duration.days(364), Duration.days(366), 365],
  }),
  ownOpenSearch("logEncryptionKey", KEYS),
  ownOpenSearch("removalPolicy", enumeration(RemovalPolicy)),
  ownOpenSearch("connectionName", CONNECTION_NAMES),
  {
    input: "OpenSearchInstanceType.of(name)",
    named: "OpenSearchInstanceType.of",
    give: (_, value) => OpenSearchInstanceType.of(value),
    takes: ["r7g.large.search", "r8g.16xlarge.search", "or1.2xlarge.search", "c7i.large.search"],
    refuses: [
      ...["t3.small.search", "i3.large.search", "im4gn.large.search", "r6gd.large.search", "r7gd.xlarge.search"],
      ...["r7g.large", "r7g.large.elasticsearch", "R7G.large.search", "ultrawarm1.large.search", "r7g.large.search\n"],
    ],
    required: true,
  },
  {
    input: "OpenSearchVersion.of(version)",
    named: "OpenSearchVersion.of",
    give: (_, value) => OpenSearchVersion.of(value),
    takes: ["2.11", "2.19", "3.0", "10.1"],
    refuses: ["2.9", "1.3", "7.10.1", "OpenSearch_2.19", "2", "2.19\n"],
    required: true,
  },
  {
    input: "OpenSearchCluster.indices(names)",
    named: "names",
    give: (stack, name) => newOpenSearch(stack, "o", { network: someNetwork(stack) }).indices(name),
    ...INDEX_NAMES,
  },
];

const template = props<Partial<OpenSearchIndexTemplateProps>>("OpenSearchIndexTemplateProps", (stack, given) =>
  provided(stack).addIndexTemplate("orders", given as OpenSearchIndexTemplateProps),
);
const ofTemplate = (name: keyof OpenSearchIndexTemplateProps, row: Given): Row => ({
  ...template(name, row, { patterns: ["orders-*"] }),
  named: `${name} of index template orders`,
});
const JSON_OBJECTS = {
  takes: ["{}", ' {"properties": {"${x}": {"type": "%{long}"}}} '],
  refuses: ["[]", "1", "{", `{"a": "${"x".repeat(65_536)}"}`, { properties: {} }],
};

/** What the deploy makes in a domain of one's own. */
export const PROVISIONED_OPENSEARCH: Row[] = [
  {
    input: "OpenSearchCluster.addIndexTemplate(name)",
    named: "name",
    give: (stack, name) => provided(stack).addIndexTemplate(name, { patterns: ["orders-*"] }),
    takes: ["x", "null", "0.10", "orders", "a".repeat(255)],
    refuses: ["orders-*", "Orders", "_x", ".x", "a/b", "a,b", "a".repeat(256), "a\n"],
    required: true,
  },
  {
    input: "OpenSearchCluster.addIndexTemplate(props)",
    named: "props of index template orders",
    give: (stack, given) => provided(stack).addIndexTemplate("orders", given),
    isMap: true,
    takes: [{ patterns: ["orders-*"] }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  ofTemplate("patterns", {
    takes: [["orders-*"], ["orders", "clicks-*", "orders"]],
    refuses: [
      ...[["*"], ["orders-*", "a*b"], [1], [TOKENS.text]],
      ...COMMON.filter((value) => !Array.isArray(value) || value.length === 0),
    ],
    required: true,
    own: true,
  }),
  ofTemplate("mappings", {
    takes: [...JSON_OBJECTS.takes, '{"_source": {"enabled": true}, "properties": {"type": {"type": "keyword"}}}'],
    refuses: [...JSON_OBJECTS.refuses, '{"mappings": {"properties": {}}}', '{"id": {"type": "long"}}'],
  }),
  ofTemplate("settings", JSON_OBJECTS),
  ofTemplate("priority", whole(0, 1_000_000)),
  {
    input: "OpenSearchCluster.grantAdministration(principalArn)",
    named: "principalArn",
    give: (stack, arn) => provided(stack).grantAdministration(arn),
    takes: [OPENSEARCH_PROPS.masterUserArn, "arn:aws:iam::123456789012:user/me", TOKENS.text],
    refuses: ["search-admin", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:role/*"],
    required: true,
  },
];

export const OPENSEARCH: Row[] = [
  openSearch("host", { ...HOSTS, refuses: [...HOSTS.refuses, "search-orders-abc123.eu-west-1.es.amazonaws.com"] }),
  openSearch("port", whole(1, 65_535)),
  openSearch("securityGroupId", GROUP_IDS),
  {
    input: "OpenSearchClusterAttributes.egress",
    ...EGRESSES,
    takes: [...EGRESSES.takes, BY_PROXY],
    give: (stack, egress) =>
      existingOpenSearch(stack, "e", { ...OPENSEARCH_ATTRIBUTES, securityGroupId: undefined, egress }),
  },
  openSearch("authentication", {
    takes: [OPENSEARCH_ATTRIBUTES.authentication, OpenSearchAuthentication.iam({ domainArn: DOMAIN_ARN })],
    refuses: ["iam", { domainArn: DOMAIN_ARN }, PASSWORD],
    required: true,
  }),
  openSearch("certificateAuthorities", PEMS),
  openSearch(
    "certificateAuthorities",
    { about: "for Amazon OpenSearch Service", takes: [], refuses: [CERTIFICATES], own: true },
    { host: "vpc-search-abc123.eu-west-1.es.amazonaws.com" },
  ),
  openSearch("connectionName", CONNECTION_NAMES),
  {
    input: "OpenSearchIamDomain.domainArn",
    named: "domainArn of OpenSearchAuthentication.iam",
    give: (_, domainArn) => OpenSearchAuthentication.iam({ domainArn }),
    takes: [DOMAIN_ARN, TOKENS.text],
    refuses: [
      DOMAIN_ARN.replace("search", "*"),
      DOMAIN_ARN.replace("search", "ab"),
      `${DOMAIN_ARN}/orders`,
      "search",
      `${DOMAIN_ARN}\n`,
      DOMAIN_ARN.replace("arn:aws:", "arn:aws-cn:"),
    ],
    required: true,
  },
  {
    input: "OpenSearchAuthentication.iam(domain)",
    named: "the argument of OpenSearchAuthentication.iam",
    give: (_, value) => OpenSearchAuthentication.iam(value),
    isMap: true,
    takes: [{ domainArn: DOMAIN_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "OpenSearchAuthentication.basic(secret)",
    named: "the argument of OpenSearchAuthentication.basic",
    give: (_, value) => OpenSearchAuthentication.basic(value),
    isMap: true,
    takes: [{ secretArn: SECRET_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "IOpenSearchCluster.indices(names)",
    named: "names",
    give: (stack, name) => existingOpenSearch(stack, "o", OPENSEARCH_ATTRIBUTES).indices(name),
    ...INDEX_NAMES,
  },
];
