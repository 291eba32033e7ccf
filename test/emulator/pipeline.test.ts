import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { App } from "cdktf";
import { addPipeline } from "../../stacks/pipeline/pipeline";
import { PIPELINE_SETTINGS } from "../support/pipeline-settings";
import { Block } from "../support/synth";
import { PlannedAction, Terraform } from "../support/terraform";
import { EmulatorClients, REGION } from "./clients";
import { emulatorOverride } from "./override";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
const STACKS = ["pipeline-storage", "pipeline-network", "pipeline-sinks", "pipeline"];
const ACCOUNT = "123456789012";
const UUID = "01234567-89ab-cdef-0123-456789abcdef";

/** What a stack hands to those after it, in place of what an apply would have made: by type of resource and attribute. */
const MADE: Readonly<Record<string, string>> = {
  "aws_db_instance.address": `pipeline-sinks-database.abc123.${REGION}.rds.amazonaws.com`,
  "aws_iam_role.arn": `arn:aws:iam::${ACCOUNT}:role/search-administrator`,
  "aws_kms_key.arn": `arn:aws:kms:${REGION}:${ACCOUNT}:key/${UUID}`,
  "aws_lambda_function.function_name": "pipeline-sinks-search-opensearch-provisioner",
  "aws_lambda_function.source_code_hash": "aGFzaA==",
  "aws_lambda_invocation.input": "{}",
  "aws_msk_cluster.arn": `arn:aws:kafka:${REGION}:${ACCOUNT}:cluster/pipeline-sinks-kafka/${UUID}-2`,
  "aws_opensearch_domain.arn": `arn:aws:es:${REGION}:${ACCOUNT}:domain/pipeline-sinks-search`,
  "aws_opensearch_domain.endpoint": `vpc-pipeline-sinks-search-abc123.${REGION}.es.amazonaws.com`,
  "aws_route53_zone.zone_id": "Z0123456789ABCDEFGHIJ",
  "aws_secretsmanager_secret.arn": `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:pipeline-flink-AbCdEf`,
  "aws_security_group.id": "sg-0123456789abcdef1",
  "aws_subnet.availability_zone": `${REGION}a`,
  "aws_subnet.id": "subnet-0123456789abcdef0",
  "aws_vpc.id": "vpc-0123456789abcdef1",
  "aws_vpc_endpoint.prefix_list_id": "pl-6da54004",
  "terraform_data.output.servers": `b-1.sink.abc123.c2.kafka.${REGION}.amazonaws.com:9098`,
};

let workspace: Workspace;
const folderOf = (stack: string): string => join(workspace.dir, "cdktf.out", "stacks", stack);

/** As `cdktf deploy` would find the program, with the state that an apply of each stack would have left. */
function write(): void {
  const environment = process.env;
  process.env = { ...environment, FLINK_SOFTWARE_ORIGIN: "package-registries", ...PIPELINE_SETTINGS };
  try {
    const app = new App({ outdir: join(workspace.dir, "cdktf.out") });
    addPipeline(app);
    app.synth();
  } finally {
    process.env = environment;
  }
  for (const stack of STACKS) {
    emulatorOverride(folderOf(stack), workspace.endpoint);
    const { output = {} } = JSON.parse(readFileSync(join(folderOf(stack), "cdk.tf.json"), "utf8")) as Block;
    const outputs = Object.entries(output as Record<string, Block>)
      .filter(([name]) => name.startsWith("cross-stack-output-"))
      .map(([name, { value }]) => [name, { value: made(value as string), type: "string" }]);
    const state = { version: 4, terraform_version: "1.11.0", serial: 1, lineage: UUID, resources: [] };
    writeFileSync(
      join(workspace.dir, `terraform.${stack}.tfstate`),
      JSON.stringify({ ...state, outputs: Object.fromEntries(outputs) }),
    );
  }
}

function made(expression: string): string {
  const [, type, bucket, attribute] = /^\$\{(\w+)\.([\w-]+)\.([\w.]+)\}$/.exec(expression) ?? [];
  // Each its own: jobs must not write the one in which their cluster keeps its state.
  if (type === "aws_s3_bucket") return attribute === "id" ? bucketName(bucket) : `arn:aws:s3:::${bucketName(bucket)}`;
  const value = MADE[`${type}.${attribute}`];
  if (value === undefined) throw new Error(`what is ${expression}? Add it to MADE`);
  return value;
}

const bucketName = (id: string): string => id.toLowerCase().replaceAll("_", "-");

beforeAll(async () => {
  workspace = await Workspace.create();
  const aws = new EmulatorClients(REGION, workspace.socketPath);
  await aws.iam.send(
    new CreateRoleCommand({
      RoleName: "AWSServiceRoleForAmazonOpenSearchService",
      Path: "/aws-service-role/opensearchservice.amazonaws.com/",
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    }),
  );
  aws.destroy();
  write();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

/**
 * The emulator has no functions of AWS Lambda, so sinks are planned and not made; the cluster comes after them. The bucket of
 * pipeline-storage is that of stacks/main.ts.
 */
test.each<[string, readonly string[]]>([
  ["pipeline-network", ["aws_vpc", "aws_vpc_peering_connection", "aws_route", "aws_vpc_endpoint"]],
  [
    "pipeline-sinks",
    ["aws_msk_cluster", "aws_db_instance", "aws_opensearch_domain", "aws_s3_bucket", "aws_lambda_invocation"],
  ],
  ["pipeline", ["aws_instance", "aws_iam_role_policy", "aws_vpc_security_group_ingress_rule", "aws_lambda_invocation"]],
])(
  "the stack %s is planned, as the provider takes it",
  async (stack, types) => {
    const terraform = new Terraform(folderOf(stack));
    await terraform.init();
    const actions = await terraform.planActions();
    const planned = Object.keys(actions).map((address) => address.split(".")[0]);
    expect(planned).toEqual(expect.arrayContaining([...types]));
    expect(new Set(Object.values(actions))).toEqual(new Set<PlannedAction>(["create"]));
  },
  4 * MINUTES,
);
