import { Duration, Peer } from "../../../lib";
import { rdsAuthorities } from "../../../lib/dataflow/postgresql/rds-authorities";
import { asTerraformReads, KEY_ARN } from "../support";
import { Given } from "./row";
import { SECRET_ARN } from "./systems";
import { TOKENS } from "./values";

export const BUCKET_NAMES = {
  takes: ["abc", "null", `a${"-".repeat(61)}b`, TOKENS.text],
  refuses: ["ab", "a".repeat(64), "Upper", "with.dot", "-a-", "xn--abc", "abc--x-s3", "abc\n"],
};

export const KEY_ARNS = {
  takes: [KEY_ARN, KEY_ARN.replace("key/", "key/mrk-"), TOKENS.text],
  refuses: [
    KEY_ARN.replace("key/", "alias/"),
    "01234567-89ab-cdef-0123-456789abcdef",
    "alias/mine",
    `${KEY_ARN}\n`,
    KEY_ARN.replace("arn:aws:", "arn:aws-cn:"),
    KEY_ARN.replace("eu-west-1", "cn-north-1"),
  ],
};

export const DESCRIPTIONS: Given & { named: string } = {
  named: "description",
  takes: [
    ..." ,x, leading and trailing ,${x},$${x},# no comment,key: value,- item,{a: b},null,0.10,__proto__".split(","),
    "x".repeat(255),
  ],
  refuses: ["x".repeat(256)],
  required: true,
  reads: (synthesized) =>
    asTerraformReads(
      synthesized.all("aws_vpc_security_group_ingress_rule").find((rule) => rule.cidr_ipv4)!.description as string,
    ),
};

export const SECRET_ARNS = {
  takes: [SECRET_ARN, SECRET_ARN.replace("AmazonMSK_orders", "team/orders+=.@"), TOKENS.text],
  refuses: [
    SECRET_ARN.replace(/-AbCdEf$/, ""),
    SECRET_ARN.replace("orders", "*"),
    "AmazonMSK_orders",
    `${SECRET_ARN}\n`,
    SECRET_ARN.replace("arn:aws:", "arn:aws-cn:"),
    SECRET_ARN.replace("AmazonMSK_orders", "rds!db-01234567-89ab-cdef-0123-456789abcdef"),
  ],
  required: true,
};

export const PEER = Peer.cidr("10.2.0.0/16");

export const PEERS: Given & { named: string } = {
  named: "peer",
  takes: [PEER, Peer.securityGroup("sg-01234567")],
  refuses: ["10.2.0.0/16", { cidrBlock: "0.0.0.0/0" }],
  required: true,
};

export const HOSTS = {
  takes: ["x", "null", "0.10", "a-1.example.internal", "A.b", TOKENS.text],
  refuses: ["10.0.0.1", "-a", "a..b", "a.", "a/b", "a?b", "a:443", "a\n", `${"a.".repeat(127)}ab`],
  required: true,
};

export const CERTIFICATES = rdsAuthorities("eu-west-1")!;

export const PEMS = {
  takes: [CERTIFICATES, CERTIFICATES.replace(/\n/g, "\r\n"), `${CERTIFICATES}# Amazon RDS\n`],
  refuses: [CERTIFICATES.slice(0, 200), CERTIFICATES.replace("MII", "AAA"), CERTIFICATES.repeat(60), [CERTIFICATES]],
};

export const CONNECTION_NAMES = {
  takes: ["x", "null", "a".repeat(63), "a-1"],
  refuses: ["a".repeat(64), "A", "1a", "-a", "a_b", "a.b", "a/b", "a\n"],
};

export const GROUP_IDS = { takes: ["sg-01234567", TOKENS.text], refuses: ["sg-0", "10.0.0.0/8"], required: true };

export const RETENTIONS = {
  takes: [Duration.days(365), Duration.days(3653)],
  refuses: [Duration.days(364), Duration.days(366), Duration.hours(365 * 24 + 1), 365],
};
