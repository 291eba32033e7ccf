import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import { namePrefix, nameTag } from "../../core/terraform/names";
import { checkInputOf } from "../../core/terraform/refusals";
import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";
import { RemovalPolicy } from "../../storage/removal-policy";
import { connectionName } from "../connection-name";
import type { UserRequest } from "../provisioning/postgresql/database-request";
import type { PostgreSqlConnection, PostgreSqlConnectionProps } from "./postgresql-connection";
import { PostgreSqlGrant, requireGrants } from "./postgresql-grant";
import { PostgreSqlSchema } from "./postgresql-schema";

/** What a user of a database can be told. */
export interface PostgreSqlUserProps {
  /** What it may do, at least one thing, beside what everybody may in a database (docs/postgresql.md, "What the user may do"). */
  readonly grants: PostgreSqlGrant[];
  /**
   * What jobs find the database by as this user on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a
   * letter, and unique among all that a Flink cluster uses.
   *
   * @default - that of the database and the name of the user, such as `analytics-writer`
   */
  readonly connectionName?: string;
}

const PROPS: OptionNames<PostgreSqlUserProps> = { grants: true, connectionName: true };
/** Days in which a secret can be had back after the program no longer names its user. */
const RECOVERY_DAYS = { [RemovalPolicy.RETAIN]: 30, [RemovalPolicy.DESTROY]: 7 };

/** Of the database that a user belongs to. */
export interface DatabaseOfUser {
  readonly connectionName: string;
  readonly encryptionKeyArn: string;
  readonly removalPolicy: RemovalPolicy;
  readonly connect: (as: Pick<PostgreSqlConnectionProps, "name" | "path" | "secret">) => PostgreSqlConnection;
}

/**
 * A user of a database, for jobs: `PostgreSqlCluster.addUser` makes one. The deploy makes it, with a password that it makes
 * itself and writes into a secret of its own: it is in no state, no plan and no log.
 */
export class PostgreSqlUser extends Construct {
  /** @internal */
  public static _of(
    scope: Construct,
    username: string,
    props: PostgreSqlUserProps,
    database: DatabaseOfUser,
  ): PostgreSqlUser {
    return new PostgreSqlUser(scope, `user-${username}`, username, props, database);
  }

  /** Its name in the database. */
  public readonly username: string;
  /**
   * ARN of the secret with its name and password, as `LoginSecret` wants it, to be read where jobs are of another program.
   * @attribute
   */
  public readonly secretArn: string;
  /**
   * ARN of the key that encrypts the secret, which is that of the database.
   * @attribute
   */
  public readonly encryptionKeyArn: string;
  private readonly connection: PostgreSqlConnection;
  private readonly grants: readonly PostgreSqlGrant[];

  private constructor(
    scope: Construct,
    id: string,
    username: string,
    props: PostgreSqlUserProps,
    database: DatabaseOfUser,
  ) {
    super(scope, id);
    const name = connectionName(props.connectionName, `${database.connectionName}-${username}`, "postgresql");
    this.username = username;
    this.grants = [...props.grants];
    this.encryptionKeyArn = database.encryptionKeyArn;
    this.secretArn = new SecretsmanagerSecret(this, "Secret", {
      namePrefix: namePrefix(this, 64),
      description: `Name and password of ${username}, a user of a database, written by the deploy`,
      kmsKeyId: this.encryptionKeyArn,
      recoveryWindowInDays: RECOVERY_DAYS[database.removalPolicy],
      tags: { Name: nameTag(this) },
    }).arn;
    this.connection = database.connect({
      name,
      path: this.node.path,
      secret: { secretArn: this.secretArn, encryptionKeyArn: this.encryptionKeyArn },
    });
  }

  /**
   * A schema with its tables, as this user may use it, to hand to `readFrom`, `writeTo` or `readWrite` of a Flink cluster.
   *
   * @param name of the schema: one that the user's grants name
   */
  public schema(name: string): PostgreSqlSchema {
    return checkInputOf(this, () => {
      const { name: username, grants } = this._request;
      const schema = PostgreSqlSchema._of(this.connection, [name], { username, grants });
      const granted = [...new Set(grants.map((grant) => grant.schema))];
      if (granted.includes(name)) return schema;
      refuse({
        property: "name",
        value: name,
        allowed: `a schema that the grants of ${username} name, which are of ${granted.join(", ")}`,
        remedy: `add for example PostgreSqlGrant.read("${name}") to its grants`,
      });
    });
  }

  /**
   * A schema in which it makes tables of its own.
   * @internal
   */
  public _schemaOfOwnTables(name: string): PostgreSqlSchema {
    return PostgreSqlSchema._of(this.connection, [name]);
  }

  /** @internal */
  public get _request(): UserRequest {
    return { name: this.username, secretArn: this.secretArn, grants: this.grants.map((grant) => grant._request) };
  }
}

/** Refuses what cannot be the props of a user. */
export function requireUserProps(username: string, props: unknown): asserts props is PostgreSqlUserProps {
  const property = `props of user ${username}`;
  if (props === undefined) {
    refuse({
      property,
      value: props,
      allowed: "an object of options with grants at least",
      remedy: 'give for example { grants: [PostgreSqlGrant.upsert("analytics")] }',
    });
  }
  requireOptionsOf(property, props, PROPS);
  requireGrants(`grants of user ${username}`, props.grants);
}
