import { IConstruct } from "constructs";
import { PostgreSqlSchema } from "./postgresql-schema";

/** A database of PostgreSQL that jobs read or write, as one of its users. */
export interface IPostgreSqlCluster extends IConstruct {
  /**
   * Name of the host.
   * @attribute
   */
  readonly host: string;

  /**
   * TCP port.
   * @attribute
   */
  readonly port: number;

  /**
   * Name of the database.
   * @attribute
   */
  readonly databaseName: string;

  /**
   * A schema with its tables, to hand to `readFrom`, `writeTo` or `readWrite` of a Flink cluster.
   *
   * @param name of the schema, as PostgreSQL has it: 1 to 63 lower-case letters, digits and `_`, not beginning with a digit or
   *   `pg_`, and no word that PostgreSQL reserves, such as `user`: Flink writes names without quotes
   */
  schema(name: string): PostgreSqlSchema;
}
