import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { Allowance } from "../../core/terraform/policy";
import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import type { DatabaseRequest, SchemaRequest } from "../provisioning/postgresql/database-request";
import { Provisioner } from "../provisioning/provisioner";
import { PostgreSqlGrant } from "./postgresql-grant";
import { DatabaseOfUser, PostgreSqlUser, PostgreSqlUserProps, requireUserProps } from "./postgresql-user";
import { requireSchemaName } from "./schema-name";
import { requireStatements } from "./schema-statements";
import { requireUserName } from "./user-name";

/** What a schema of a database of our own can be told. */
export interface PostgreSqlSchemaProps {
  /**
   * What makes its tables, in this order and with the schema as search path: statements that begin with
   * `CREATE TABLE IF NOT EXISTS`, `CREATE INDEX IF NOT EXISTS`, `CREATE OR REPLACE VIEW`, `ALTER TABLE` or `COMMENT ON`, one
   * each, of at most 65,536 characters; at least one. All of them run again with each deploy that asks for something else, so
   * of `ALTER TABLE` only what changes nothing where it has run is taken: `ADD COLUMN IF NOT EXISTS`, and of `ALTER COLUMN`
   * `SET DEFAULT`, `DROP DEFAULT`, `SET NOT NULL` and `DROP NOT NULL`. They are in the state: write no secret
   * into them.
   *
   * @default - none: tables are made by others
   */
  readonly statements?: string[];
}

const SCHEMA_PROPS: OptionNames<PostgreSqlSchemaProps> = { statements: true };
/** More do not fit into what IAM takes as policies of one role. */
const MOST_USERS = 20;

export interface PostgreSqlProvisioningProps extends DatabaseOfUser {
  readonly network: IFlinkNetwork;
  readonly instanceIdentifier: string;
  readonly host: string;
  readonly port: number;
  readonly databaseName: string;
  readonly certificateAuthorities: string;
  readonly securityGroupId: string;
  readonly administrator: string;
  readonly masterSecretArn: string;
  readonly logRetentionDays: number;
  readonly logEncryptionKey?: IKey;
}

/** A schema with tables that one user makes and another reads, as it lets that one. */
export interface SchemaOfMaker {
  readonly maker: PostgreSqlUser;
  readonly reader: PostgreSqlUser;
}

/** Schemas, tables, users and grants of a database, which the deploy makes as its administrator. */
export class PostgreSqlProvisioning extends Construct {
  private readonly provisioner: Provisioner;
  private readonly schemas: SchemaRequest[] = [];
  private readonly users: PostgreSqlUser[] = [];
  private readonly makers = new Map<string, SchemaOfMaker>();

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: PostgreSqlProvisioningProps,
  ) {
    super(scope, id);
    this.provisioner = new Provisioner(this, "Provisioner", {
      program: "postgresql-provisioner",
      systemName: props.instanceIdentifier,
      system: `the database ${props.instanceIdentifier}`,
      network: props.network,
      door: { securityGroupId: props.securityGroupId, port: props.port },
      service: "secretsmanager",
      logRetentionDays: props.logRetentionDays,
      logEncryptionKey: props.logEncryptionKey,
    });
    this.order();
  }

  public addSchema(name: string, props: PostgreSqlSchemaProps): void {
    requireSchemaName("name", name);
    requireOptionsOf(`props of schema ${name}`, props, SCHEMA_PROPS);
    const { statements } = props;
    if (statements !== undefined) requireStatements(name, statements);
    this.requireNew("schema", name, this.schemas);
    this.schemas.push({ name, statements: [...(statements ?? [])] });
    this.order();
  }

  public addUser(name: string, props: PostgreSqlUserProps): PostgreSqlUser {
    requireUserName("name", name, this.props.administrator);
    requireUserProps(name, props);
    this.requireSchemasOf(name, props.grants);
    return this.createUser(name, props);
  }

  /** A schema of that name whose tables `<name>_writer` makes, and `<name>_reader` reads; again, the same. */
  public schemaOfMaker(name: string): SchemaOfMaker {
    const known = this.makers.get(name);
    if (known) return known;
    this.requireNew("schema", name, this.schemas);
    const [maker, reader] = [`${name}_writer`, `${name}_reader`];
    for (const user of [maker, reader]) requireUserName("name", user, this.props.administrator);
    this.schemas.push({ name, statements: [], maker });
    const made = {
      maker: this.createUser(maker, { grants: [PostgreSqlGrant._makeTables(name)] }),
      reader: this.createUser(reader, { grants: [PostgreSqlGrant._enter(name)] }),
    };
    this.makers.set(name, made);
    return made;
  }

  private createUser(name: string, props: PostgreSqlUserProps): PostgreSqlUser {
    this.requireNew(
      "user",
      name,
      this.users.map(({ username }) => ({ name: username })),
    );
    if (this.users.length >= MOST_USERS) {
      refuse({
        property: "name",
        value: name,
        allowed: `one of at most ${MOST_USERS} users of a database, as more do not fit into the policy of the function that makes them`,
        remedy: "let jobs share users, or make the others yourself",
      });
    }
    const user = PostgreSqlUser._of(this, name, props, this.props);
    this.users.push(user);
    this.order();
    return user;
  }

  public get report(): string {
    return this.provisioner.report;
  }

  /** One that has a maker is not among them: its tables are that one's to give. */
  private requireSchemasOf(user: string, grants: readonly PostgreSqlGrant[]): void {
    const known = this.schemas.filter(({ maker }) => maker === undefined).map(({ name }) => name);
    const unknown = grants.map((grant) => grant._request.schema).find((schema) => !known.includes(schema));
    if (unknown === undefined) return;
    refuse({
      property: `grants of user ${user}`,
      value: unknown,
      allowed: `of schemas that addSchema was given before, which are ${known.join(", ") || "none"}`,
      remedy: this.makers.has(unknown)
        ? "use the reader that the deploy makes for the metrics there"
        : `call addSchema("${unknown}") first, which changes nothing of one that is there already`,
    });
  }

  private requireNew(kind: string, name: string, made: readonly { readonly name: string }[]): void {
    if (!made.some((one) => one.name === name)) return;
    refuse({
      property: "name",
      value: name,
      allowed: `another one, as there is a ${kind} of this name in the program already`,
      remedy: `say all of the ${kind} at one place`,
    });
  }

  private order(): void {
    this.provisioner.order({ request: this.request(), allowances: this.allowances() });
  }

  private request(): DatabaseRequest {
    const { host, port, databaseName, certificateAuthorities, masterSecretArn } = this.props;
    const { region, dnsSuffix } = AwsAccount.of(this);
    return {
      region,
      secretsEndpoint: `https://secretsmanager.${region}.${dnsSuffix}`,
      ...{ host, port, databaseName, certificateAuthorities },
      administratorSecretArn: masterSecretArn,
      schemas: this.schemas,
      users: this.users.map((user) => user._request),
    };
  }

  /**
   * The administrator's secret is read, those of users are read and written; each through Secrets Manager and no other way.
   * Each user is in two statements and no more, as a role holds so many characters.
   */
  private allowances(): Allowance[] {
    const { masterSecretArn, encryptionKeyArn } = this.props;
    const { region, dnsSuffix } = AwsAccount.of(this);
    const useKey = (sid: string, actions: string[], secretArns: string[]): Allowance => ({
      sid,
      actions,
      resources: [encryptionKeyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": [`secretsmanager.${region}.${dnsSuffix}`],
          "kms:EncryptionContext:SecretARN": secretArns,
        },
      },
    });
    const ofAdministrator: Allowance[] = [
      { sid: "ReadAdministrator", actions: ["secretsmanager:GetSecretValue"], resources: [masterSecretArn] },
      useKey("DecryptAdministrator", ["kms:Decrypt"], [masterSecretArn]),
    ];
    const users = this.users.map(({ secretArn }) => secretArn);
    if (users.length === 0) return ofAdministrator;
    return [
      ...ofAdministrator,
      { sid: "Users", actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], resources: users },
      useKey("EncryptUsers", ["kms:Decrypt", "kms:GenerateDataKey"], users),
    ];
  }
}
