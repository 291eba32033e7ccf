import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { FlinkNetwork, PostgreSqlCluster, PostgreSqlGrant, RemovalPolicy } from "../../../lib";
import { labImage } from "../lab-image";
import { addStranger } from "../lab-stacks";
import { addOthersMachine } from "../others/others-machine";
import { addUserSecrets } from "../others/user-secrets";

export const DATABASE = "company";
export const DATABASE_MACHINE = "database-server";
export const SCHEMA = "analytics";
/** A secret with which the function has nothing to do, and the key that it is under. */
export const OTHER_SECRET = "lab/provisioning/other";
export const OTHER_KEY_ALIAS = "alias/lab-provisioning-other";
/** Names of Amazon RDS, for which the lab has no resolver of its own. */
const RDS_DOMAIN = "eu-west-1.rds.amazonaws.com";
const TABLE = "CREATE TABLE IF NOT EXISTS revenue (country text PRIMARY KEY, revenue numeric(20, 2))";
const LATER = "ALTER TABLE revenue ADD COLUMN IF NOT EXISTS noted timestamptz";

/** What the deploy orders of the database, one program after the other. */
export type Order =
  /** A database and no more. */
  | "nothing"
  /** A schema with a table; a user who reads it, and one who writes it. */
  | "two users"
  /** The table has a column more, and who read is no longer named. */
  | "one user";

/** A network with a database of our own, as a user's program has them. */
class ServicesStack extends TerraformStack {
  public readonly network: FlinkNetwork;
  public readonly database: PostgreSqlCluster;

  public constructor(scope: Construct, id: string, { region, authority, order }: ProvisioningSettings) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    this.network = new FlinkNetwork(this, "network");
    this.database = new PostgreSqlCluster(this, "analytics", {
      ...{ network: this.network, databaseName: DATABASE, removalPolicy: RemovalPolicy.DESTROY },
      // Those of Amazon RDS have signed no server of the lab.
      certificateAuthorities: authority,
    });
    for (const name of ["host", "port", "masterSecretArn"] as const) {
      new TerraformOutput(this, name, { value: this.database[name] });
    }
    if (order === "nothing") return;
    this.database.addSchema(SCHEMA, { statements: order === "two users" ? [TABLE] : [TABLE, LATER] });
    if (order === "two users") this.database.addUser("reader", { grants: [PostgreSqlGrant.read(SCHEMA)] });
    this.database.addUser("writer", { grants: [PostgreSqlGrant.upsert(SCHEMA, { tables: ["revenue"] })] });
    new TerraformOutput(this, "report", { value: this.database.provisioningReport });
  }
}

/**
 * What AWS itself has, and the lab has to be given: a machine that is the database, in its security group and by its name. And
 * what is none of ours: another machine, and another secret.
 */
class OthersStack extends TerraformStack {
  public constructor(scope: Construct, id: string, { region }: ProvisioningSettings, services: ServicesStack) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const { network, database } = services;
    const ami = labImage(this);
    const machine = { name: DATABASE_MACHINE, host: database.host, domain: RDS_DOMAIN };
    addOthersMachine(this, machine, { network, ami, securityGroupId: database.securityGroupId });
    addStranger(this, { network }, ami);
    addUserSecrets(this, { system: "nobody", keyAlias: OTHER_KEY_ALIAS, names: [OTHER_SECRET] });
  }
}

export interface ProvisioningSettings {
  readonly region: string;
  /** PEM of what signs the server's certificate. */
  readonly authority: string;
  readonly order: Order;
}

export type ProvisioningStack = "services" | "others";

export function synthesizeProvisioning(outdir: string, settings: ProvisioningSettings): void {
  const app = new App({ outdir, hclOutput: false });
  const services = new ServicesStack(app, "services", settings);
  new OthersStack(app, "others", settings, services);
  app.synth();
}
