import { Egress, PeeredEgressOptions, PrivateLinkEgressOptions, ProxyEgressOptions } from "../../../lib";
import { PRIVATE_BLOCKS } from "./networks";
import { Given, isEmptyOptions, Row, whole } from "./row";
import { GROUP_IDS } from "./shared-values";
import { COMMON, TOKENS } from "./values";

const CIDRS = ["10.20.0.0/24"];
const SERVICE_NAME = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0";
const PROXY: ProxyEgressOptions = { host: "proxy.example.internal", port: 3128, securityGroupId: "sg-01234567" };

type Options = PeeredEgressOptions & PrivateLinkEgressOptions & ProxyEgressOptions;

const STRUCTS = {
  peered: "PeeredEgressOptions",
  privateLink: "PrivateLinkEgressOptions",
  proxy: "ProxyEgressOptions",
} as const;

/** What a factory is told; `more` is what it needs beside it. */
function option(factory: keyof typeof STRUCTS, name: keyof Options, row: Given, more: Partial<Options> = {}): Row {
  return {
    input: `${STRUCTS[factory]}.${name}`,
    named: `${name} of Egress.${factory}`,
    give: (_, value) => Egress[factory]({ ...more, [name]: value } as Options),
    ...row,
  };
}

/** The way to a system, where no security group is given beside it. */
export const EGRESSES: Given & { named: string } = {
  named: "egress",
  takes: [
    Egress.peered({ cidrs: CIDRS }),
    Egress.privateLink({ serviceName: SERVICE_NAME, domain: "example.internal" }),
  ],
  refuses: [...COMMON, null, CIDRS, { cidrs: CIDRS }, SERVICE_NAME],
  own: true,
};

/** OpenSearch alone takes it. */
export const BY_PROXY = Egress.proxy(PROXY);

/** Its clients know no proxy. */
export const DIRECT_EGRESSES = { ...EGRESSES, refuses: [...EGRESSES.refuses!, BY_PROXY] };

export const EGRESS: Row[] = [
  option("peered", "cidrs", {
    takes: [["10.20.0.0/16"], ["172.16.0.0/24", "192.168.7.7/32"], ["100.64.0.0/16"]],
    refuses: [
      "10.20.0.0/24",
      ...PRIVATE_BLOCKS.map((cidr) => [cidr]),
      ["10.20.0.0/15"],
      ["10.20.0.0/24\n"],
      ["10.20.0.0/24", "10.20.0.0/24"],
      [TOKENS.text],
      Array.from({ length: 17 }, (_, index) => `10.20.${index}.0/24`),
    ],
    required: true,
  }),
  option(
    "peered",
    "vpcPeeringConnectionId",
    { takes: ["pcx-01234567", TOKENS.text], refuses: ["pcx-", "tgw-01234567", "pcx-01234567\n"] },
    { cidrs: CIDRS },
  ),
  option(
    "peered",
    "transitGatewayId",
    { takes: ["tgw-0123456789abcdef0", TOKENS.text], refuses: ["tgw-", "pcx-01234567", "tgw-01234567\n"] },
    { cidrs: CIDRS },
  ),
  option("privateLink", "serviceName", {
    takes: [
      SERVICE_NAME,
      SERVICE_NAME.replace("com.amazonaws.vpce.eu-west-1", "cn.com.amazonaws.vpce.cn-north-1"),
      TOKENS.text,
    ],
    refuses: ["com.amazonaws.eu-west-1.kms", "vpce-svc-0123456789abcdef0", `${SERVICE_NAME}\n`],
    required: true,
  }),
  option(
    "privateLink",
    "domain",
    {
      takes: ["example.com", "company.abc123.eu-west-1.rds.amazonaws.com"],
      refuses: [
        "com",
        "Example.com",
        "*.example.com",
        "eu-west-1.amazonaws.com",
        "x.local",
        "com.au",
        "abc123.eu-west-1.rds.amazonaws.com",
        "example.com\n",
      ],
    },
    { serviceName: SERVICE_NAME },
  ),
  option(
    "proxy",
    "host",
    {
      takes: ["x", "null", "0.10", "proxy.example.internal", "10.9.0.7", TOKENS.text],
      refuses: ["http://proxy", "proxy:3128", "a..b", "-a", "a\n"],
      required: true,
    },
    PROXY,
  ),
  option("proxy", "port", { ...whole(1, 65_535), required: true }, PROXY),
  option("proxy", "securityGroupId", GROUP_IDS, PROXY),
  {
    input: "Egress.proxy(options)",
    named: "the argument of Egress.proxy",
    give: (_, value) => Egress.proxy(value),
    isMap: true,
    takes: [PROXY],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "Egress.peered(options)",
    named: "the argument of Egress.peered",
    give: (_, value) => Egress.peered(value),
    isMap: true,
    takes: [{ cidrs: CIDRS }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "Egress.privateLink(options)",
    named: "the argument of Egress.privateLink",
    give: (_, value) => Egress.privateLink(value),
    isMap: true,
    takes: [{ serviceName: SERVICE_NAME }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
];
