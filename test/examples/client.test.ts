import { CheckpointBucket, FlinkCluster, FlinkNetwork } from "../../lib";
import { Client } from "../../examples/client/client";
import { publishedSoftware } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, synthesize } from "../support/synth";

const synthesized = synthesize((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const checkpointBucket = new CheckpointBucket(stack, "checkpoints");
  const flink = new FlinkCluster(stack, "flink", { network, checkpointBucket, software: publishedSoftware() });
  new Client(stack, "client", { network, flink });
});
const machine = synthesized.named("aws_instance", "client");
const ownGroup = Object.keys(synthesized.resources("aws_security_group")).find((id) => id.startsWith("client"))!;

test("the client is as closed as the cluster", () => {
  expect(findings(synthesized)).toEqual([]);
  expect(machine).toMatchObject({
    metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
    root_block_device: { encrypted: true },
  });
  expect(machine).not.toHaveProperty("key_name");
  const inward = synthesized.all("aws_vpc_security_group_ingress_rule");
  expect(inward.filter((rule) => rule.security_group_id === `\${aws_security_group.${ownGroup}.id}`)).toEqual([]);
});

test("it is a client of the cluster, and reaches Session Manager's endpoints and S3 beside it", () => {
  expect(machine.vpc_security_group_ids).toEqual([
    expect.stringContaining("flink_Firewall_clients"),
    expect.stringContaining(ownGroup),
  ]);
  const services = synthesized.all("aws_vpc_endpoint").map((each) => (each.service_name as string).split("}.")[1]);
  expect(services.sort()).toEqual(["kms", "s3", "ssm", "ssmmessages", "sts"]);
  const outward = synthesized
    .all("aws_vpc_security_group_egress_rule")
    .filter((rule) => rule.security_group_id === `\${aws_security_group.${ownGroup}.id}`);
  expect(outward.map(({ description, to_port }) => `${description as string}: ${to_port as number}`).sort()).toEqual([
    "Endpoint of ssm: 443",
    "Endpoint of ssmmessages: 443",
    "S3 of this region: 443",
  ]);
  const letIn = synthesized
    .all("aws_vpc_security_group_ingress_rule")
    .filter((rule) => rule.referenced_security_group_id === `\${aws_security_group.${ownGroup}.id}`);
  expect(letIn).toHaveLength(2);
});

test("the command that it puts out leads to the REST API of the first node", () => {
  const { value } = (synthesized.json.output as Record<string, Block>).forward_command;
  expect(value).toMatch(
    /^aws ssm start-session --target \$\{aws_instance\.\w+\.id\} --document-name AWS-StartPortForwardingSessionToRemoteHost /,
  );
  const parameters = JSON.parse(/'(.*)'$/.exec(value as string)![1]) as object;
  expect(parameters).toEqual({
    host: ["node-1.stack-flink.flink.internal"],
    portNumber: ["8081"],
    localPortNumber: ["8081"],
  });
});
