import { Construct } from "constructs";
import { ExistingPostgreSqlCluster, PostgreSqlClusterAttributes } from "./existing-postgresql-cluster";
import { IPostgreSqlCluster } from "./i-postgresql-cluster";

/** PostgreSQL as a source or a sink of jobs: a database that speaks TLS, and knows its users by passwords. */
export class PostgreSqlCluster {
  /**
   * A database that exists already, of Amazon RDS or of your own. To read as one user and to write as another, give it
   * twice.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes where it is, and who jobs are for it
   */
  public static fromPostgreSqlClusterAttributes(
    scope: Construct,
    id: string,
    attributes: PostgreSqlClusterAttributes,
  ): IPostgreSqlCluster {
    return new ExistingPostgreSqlCluster(scope, id, attributes);
  }

  private constructor() {}
}
