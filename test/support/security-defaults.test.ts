import { findings } from "./security-defaults";
import { Synthesized } from "./synth";

const key = { enable_key_rotation: true, policy: '{"Action":"kms:*","Principal":"arn:aws:iam::1:root"}' };
const rule = { description: "x", ip_protocol: "tcp", from_port: 1, to_port: 1, prefix_list_id: "pl-1" };

test.each([
  ["aws_internet_gateway", {}],
  ["aws_subnet", { map_public_ip_on_launch: true }],
  ["aws_security_group", { description: "x", ingress: [{}] }],
  ["aws_security_group", { description: "it's" }],
  ["aws_vpc_security_group_egress_rule", { ...rule, description: undefined }],
  ["aws_vpc_security_group_egress_rule", { ...rule, to_port: 2 }],
  ["aws_vpc_security_group_egress_rule", { ...rule, cidr_ipv4: "10.0.0.0/8" }],
  ["aws_vpc_security_group_egress_rule", { ...rule, prefix_list_id: undefined, cidr_ipv4: "0.0.0.0/0" }],
  ["aws_kms_key", { ...key, enable_key_rotation: false }],
  ["aws_kms_key", { ...key, policy: "{}" }],
  ["aws_cloudwatch_log_group", { retention_in_days: 365 }],
  ["aws_cloudwatch_log_group", { retention_in_days: 30, kms_key_id: "k" }],
  ["aws_s3_bucket", {}],
  ["aws_vpc", {}],
])("finds what is wrong with %s %j", (type, block) => {
  expect(findings(new Synthesized({ resource: { [type]: { it: block } } }))).not.toEqual([]);
});

test.each([
  ["aws_vpc_security_group_egress_rule", rule],
  ["aws_vpc_security_group_ingress_rule", { ...rule, prefix_list_id: undefined, cidr_ipv4: "10.0.0.0/8" }],
  ["aws_kms_key", key],
  ["aws_kms_key", { ...key, enable_key_rotation: undefined, key_usage: "SIGN_VERIFY" }],
])("finds nothing wrong with %s %j", (type, block) => {
  expect(findings(new Synthesized({ resource: { [type]: { it: block } } }))).toEqual([]);
});
