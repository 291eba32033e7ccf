import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PostgreSqlCluster } from "../../lib/dataflow/postgresql/postgresql-cluster";
import { PostgreSqlGrant } from "../../lib/dataflow/postgresql/postgresql-grant";
import { functionPackage } from "../../lib/dataflow/provisioning/function-package";
import { RemovalPolicy } from "../../lib/storage/removal-policy";
import { synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { networkOfThreeZones } from "./three-zones";
import { Workspace } from "./workspace";

const MINUTES = 60_000;

let workspace: Workspace;
let terraform: Terraform;

function write(removalPolicy: RemovalPolicy, ask: (db: PostgreSqlCluster) => void = () => undefined): void {
  const { json } = synthesize((stack) => {
    const network = networkOfThreeZones(stack);
    ask(new PostgreSqlCluster(stack, "analytics", { network, databaseName: "company", removalPolicy }));
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(json));
}

beforeAll(async () => {
  workspace = await Workspace.create();
  terraform = workspace.terraform;
  write(RemovalPolicy.DESTROY);
  await terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

test(
  "a database is planned, as the provider takes it, with all that belongs to it",
  async () => {
    const actions = await terraform.planActions();
    expect(Object.keys(actions).map((address) => address.split(".")[0])).toEqual(
      expect.arrayContaining([
        ...["aws_db_instance", "aws_db_parameter_group", "aws_db_subnet_group", "aws_cloudwatch_log_group"],
        ...["aws_iam_role", "aws_kms_key", "aws_security_group"],
      ]),
    );
    expect(new Set(Object.values(actions))).toEqual(new Set(["create"]));
  },
  4 * MINUTES,
);

/** Nobody plays functions here: what they make is shown in test/dataflow/provisioning, behind their own rules in test/lab/long/provisioning.test.ts. */
test(
  "schemas and users that the deploy is to make are planned, as the provider takes them",
  async () => {
    write(RemovalPolicy.DESTROY, (db) => {
      db.addSchema("analytics", { statements: ["CREATE TABLE IF NOT EXISTS revenue (country text PRIMARY KEY)"] });
      db.addUser("writer", { grants: [PostgreSqlGrant.upsert("analytics")] });
    });
    try {
      const { resource_changes: changes = [] } = await terraform.plan();
      const planned = (type: string) =>
        changes.find((one) => one.type === type && one.address.includes("_Provisioning_"))!.change.after!;
      expect(planned("aws_lambda_function")).toMatchObject({
        function_name: "stack-analytics-postgresql-provisioner",
        source_code_hash: functionPackage("postgresql-provisioner").hash,
        ...{ runtime: "nodejs22.x", handler: "index.handler", architectures: ["arm64"], timeout: 300 },
        vpc_config: [expect.objectContaining({ ipv6_allowed_for_dual_stack: false })],
        logging_config: [
          expect.objectContaining({
            log_format: "JSON",
            log_group: "/aws/lambda/stack-analytics-postgresql-provisioner",
          }),
        ],
      });
      expect(planned("aws_lambda_invocation")).toMatchObject({
        function_name: "stack-analytics-postgresql-provisioner",
        triggers: { code: functionPackage("postgresql-provisioner").hash },
        lifecycle_scope: "CREATE_ONLY",
      });
      expect(planned("aws_iam_role_policy")).toMatchObject({ name: "provision" });
      expect(planned("aws_security_group")).toMatchObject({
        name: "function-stack-analytics-postgresql-provisioner",
        revoke_rules_on_delete: true,
      });
      expect(planned("aws_secretsmanager_secret")).toMatchObject({ recovery_window_in_days: 7 });
      // Terraform alone knows where the database is; what is not known of it cannot have been decided yet.
      const [ordered, input] = [planned("aws_lambda_function").environment, planned("aws_lambda_invocation").input];
      expect({ ordered, input }).toEqual({ ordered: [{}], input: undefined });
    } finally {
      write(RemovalPolicy.DESTROY);
    }
  },
  4 * MINUTES,
);

/** It takes as long as a third of this whole project: `make prove` alone does it. */
if (process.env.PROVE === "1") {
  test(
    "it is applied under its key, with a standby and a password that nobody gave",
    async () => {
      await terraform.apply();
      const { values } = (await terraform.show()) as {
        values: { root_module: { resources: { type: string; values: Record<string, unknown> }[] } };
      };
      const valuesOf = (type: string) => values.root_module.resources.find((one) => one.type === type)!.values;
      expect(valuesOf("aws_db_instance")).toMatchObject({
        identifier: "stack-analytics",
        address: expect.stringMatching(/\.eu-west-1\.rds\.amazonaws\.com$/) as string,
        port: 5433,
        multi_az: true,
        storage_encrypted: true,
        kms_key_id: valuesOf("aws_kms_key").arn,
        manage_master_user_password: true,
        master_user_secret: [{ secret_arn: expect.stringMatching(/^arn:aws:secretsmanager:/) as string }],
      });
      expect(await terraform.planActions()).toEqual({});
    },
    8 * MINUTES,
  );

  test(
    "a destroy leaves nothing",
    async () => {
      await terraform.destroy();
      expect(await terraform.stateList()).toEqual([]);
    },
    8 * MINUTES,
  );
}
