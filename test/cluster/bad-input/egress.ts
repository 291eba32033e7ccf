import { Egress, PeeredEgressOptions, PrivateLinkEgressOptions } from "../../../lib";
import { PRIVATE_BLOCKS } from "./networks";
import { Given, isEmptyOptions, props, Row } from "./row";
import { COMMON, TOKENS } from "./values";

const CIDRS = ["10.20.0.0/24"];
const SERVICE_NAME = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0";

const peered = props<PeeredEgressOptions>("PeeredEgressOptions", (_, given) => Egress.peered(given));
const privateLink = props<PrivateLinkEgressOptions>("PrivateLinkEgressOptions", (_, given) =>
  Egress.privateLink(given),
);

/** The way to a system, where no security group is given beside it. */
export const EGRESSES: Given & { named: string } = {
  named: "egress",
  takes: [Egress.peered({ cidrs: CIDRS }), Egress.privateLink({ serviceName: SERVICE_NAME, domain: "example.internal" })],
  refuses: [...COMMON, null, CIDRS, { cidrs: CIDRS }, SERVICE_NAME],
  own: true,
};

export const EGRESS: Row[] = [
  peered("cidrs", {
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
  peered(
    "vpcPeeringConnectionId",
    { takes: ["pcx-01234567", TOKENS.text], refuses: ["pcx-", "tgw-01234567", "pcx-01234567\n"] },
    { cidrs: CIDRS },
  ),
  peered(
    "transitGatewayId",
    { takes: ["tgw-0123456789abcdef0", TOKENS.text], refuses: ["tgw-", "pcx-01234567", "tgw-01234567\n"] },
    { cidrs: CIDRS },
  ),
  privateLink("serviceName", {
    takes: [SERVICE_NAME, TOKENS.text],
    refuses: ["com.amazonaws.eu-west-1.kms", "vpce-svc-0123456789abcdef0", `${SERVICE_NAME}\n`],
    required: true,
  }),
  privateLink(
    "domain",
    {
      takes: ["example.com", "b-1.orders.c2.kafka.eu-west-1.amazonaws.com"],
      refuses: ["com", "Example.com", "*.example.com", "eu-west-1.amazonaws.com", "x.local", "example.com\n"],
    },
    { serviceName: SERVICE_NAME },
  ),
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
