import { Construct } from "constructs";
import { checkInputOf } from "../../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import { connectionName } from "../connection-name";
import { IPostgreSqlCluster } from "./i-postgresql-cluster";
import { POSTGRESQL_ADDRESS, PostgreSqlAddress, postgreSqlConnection } from "./postgresql-address";
import { PostgreSqlConnection } from "./postgresql-connection";
import { PostgreSqlSchema } from "./postgresql-schema";

/** An existing database of PostgreSQL, as `PostgreSqlCluster.fromPostgreSqlClusterAttributes` takes it. */
export interface PostgreSqlClusterAttributes extends PostgreSqlAddress {
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}

const ATTRIBUTES: OptionNames<PostgreSqlClusterAttributes> = { ...POSTGRESQL_ADDRESS, connectionName: true };

/** A database that others manage. Nothing of it is changed but that its security group lets nodes in. */
export class ExistingPostgreSqlCluster extends Construct implements IPostgreSqlCluster {
  public readonly host: string;
  public readonly port: number;
  public readonly databaseName: string;
  private readonly connection: PostgreSqlConnection;

  public constructor(scope: Construct, id: string, attributes: PostgreSqlClusterAttributes) {
    super(scope, id);
    this.connection = checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      return postgreSqlConnection(this, connectionName(attributes.connectionName, id, "postgresql"), attributes);
    });
    this.host = attributes.host;
    [this.port] = this.connection.ports;
    this.databaseName = attributes.databaseName;
  }

  public schema(name: string): PostgreSqlSchema {
    return checkInputOf(this, () => PostgreSqlSchema._of(this.connection, [name]));
  }
}
