import { Construct } from "constructs";
import { requireConstruct } from "../../core/terraform/refusals";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import { IPostgreSqlCluster } from "../../dataflow/postgresql/i-postgresql-cluster";
import {
  POSTGRESQL_ADDRESS,
  PostgreSqlAddress,
  postgreSqlConnection,
} from "../../dataflow/postgresql/postgresql-address";
import { PostgreSqlCluster } from "../../dataflow/postgresql/postgresql-cluster";
import { PostgreSqlSchema } from "../../dataflow/postgresql/postgresql-schema";
import { requireSchemaName } from "../../dataflow/postgresql/schema-name";
import { BoundMetricsTarget, MetricsTarget, TIMEOUT_SECONDS } from "./metrics-target";

/** How metrics lie in a database of PostgreSQL: a table for each kind, with a column for each value. */
export interface PostgreSqlMetricsOptions {
  /**
   * Schema of their tables, as PostgreSQL has it: 1 to 56 lower-case letters, digits and `_`, not beginning with a digit,
   * `pg_` or `rds`, and no word that PostgreSQL reserves. In a database of our own the deploy makes it, elsewhere it must be
   * there. Clusters may share one, by one user and with the same `retentionDays`. Jobs of the cluster may not use it.
   *
   * @default "metrics"
   */
  readonly schemaName?: string;
  /**
   * How long a row is kept, in days, 0 to 10000; 0: for ever.
   *
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Name of a user who may read each table as soon as it is there, such as that of Grafana: 1 to 63 lower-case letters, digits
   * and `_`, not beginning with a digit. It must be there. Refused for a database of our own, where the deploy makes one.
   *
   * @default - in a database of our own `<schemaName>_reader`, elsewhere nobody beside who writes them
   */
  readonly readerName?: string;
}

const OPTIONS: OptionNames<PostgreSqlMetricsOptions> = { schemaName: true, retentionDays: true, readerName: true };
const ADDRESS = "the argument of MetricsDestination.postgreSql";
const EXAMPLE =
  '{ host: "metrics.example.internal", databaseName: "metrics", securityGroupId: "sg-…", authentication: PostgreSqlAuthentication.password({ … }) }';
/** Names of its writer and reader are it and seven letters. */
const LONGEST_SCHEMA = 56;
/** What needs no quotes. */
const USER_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const DEFAULT_SCHEMA = "metrics";
const DEFAULT_DAYS = 30;

/** Where the tables are, and who may do what with them. */
interface Tables {
  readonly schema: PostgreSqlSchema;
  readonly reader?: string;
  readonly readerSecretArn?: string;
}

/** Tables of a schema of PostgreSQL. */
export abstract class PostgreSqlTarget implements MetricsTarget {
  public readonly title = "PostgreSQL";
  protected readonly schemaName: string;
  protected readonly readerName?: string;
  private readonly retentionDays: number;

  protected constructor(factory: string, options: PostgreSqlMetricsOptions) {
    requireOptionsOf(`options of ${factory}`, options, OPTIONS);
    const { schemaName = DEFAULT_SCHEMA, retentionDays = DEFAULT_DAYS, readerName } = options;
    requireSchemaName(`schemaName of ${factory}`, schemaName);
    if (schemaName.length > LONGEST_SCHEMA || schemaName.startsWith("rds")) {
      refuse({
        property: `schemaName of ${factory}`,
        value: schemaName,
        allowed: `of at most ${LONGEST_SCHEMA} characters, not beginning with rds, as its users are called after it`,
        remedy: `use for example "${DEFAULT_SCHEMA}"`,
      });
    }
    requireKnown(`retentionDays of ${factory}`, retentionDays, "it stands in what nodes are told");
    requireInteger(`retentionDays of ${factory}`, retentionDays, 0, 10_000, "days");
    if (readerName !== undefined) requireReader(`readerName of ${factory}`, readerName);
    this.schemaName = schemaName;
    this.retentionDays = retentionDays;
    this.readerName = readerName;
  }

  public bind(integration: Construct): BoundMetricsTarget {
    const { schemaName, retentionDays } = this;
    const { schema, reader, readerSecretArn } = this.tables(integration);
    const connection = schema._connection;
    const { host, database, secretArn } = connection.login;
    return {
      spec: {
        kind: "postgresql",
        ...{ host, port: connection.ports[0], database, schema: schemaName, reader, retentionDays },
        login: { kind: "basic", secretArn },
        certificateAuthorities: connection.certificateAuthorities,
        timeoutSeconds: TIMEOUT_SECONDS,
      },
      sink: schema,
      schema,
      services: ["secretsmanager"],
      allowances: (scope) => schema._allowancesToWrite(scope),
      requirements: schema._requirements(),
      readerSecretArn,
    };
  }

  protected abstract tables(integration: Construct): Tables;
}

/** Of a database that the program has as a construct. */
export class PostgreSqlClusterTarget extends PostgreSqlTarget {
  public constructor(
    private readonly database: IPostgreSqlCluster,
    options: PostgreSqlMetricsOptions,
  ) {
    const factory = "MetricsDestination.postgreSqlCluster";
    super(factory, options);
    requireConstruct(
      `the argument of ${factory}`,
      database,
      ["host", "port", "schema"],
      "a PostgreSqlCluster, or PostgreSqlCluster.fromPostgreSqlClusterAttributes()",
      "create one and pass it, or use MetricsDestination.postgreSql",
    );
    if (this.readerName === undefined || !(database instanceof PostgreSqlCluster)) return;
    refuse({
      property: `readerName of ${factory}`,
      value: this.readerName,
      allowed: "left out for a database of our own, where the deploy makes one who may read",
      remedy: "leave it out, and use the secret in readerSecretArn of the MetricsIntegration",
    });
  }

  protected tables(): Tables {
    const { database, schemaName: name, readerName: reader } = this;
    if (!(database instanceof PostgreSqlCluster)) return { schema: database.schema(name), reader };
    const made = database._schemaOfMaker(name);
    return {
      schema: made.maker._schemaOfOwnTables(name),
      reader: made.reader.username,
      readerSecretArn: made.reader.secretArn,
    };
  }
}

/** Of a database at an address. */
export class PostgreSqlAddressTarget extends PostgreSqlTarget {
  public constructor(
    private readonly address: PostgreSqlAddress,
    options: PostgreSqlMetricsOptions,
  ) {
    super("MetricsDestination.postgreSql", options);
    if (Construct.isConstruct(address)) {
      refuse({
        property: ADDRESS,
        value: `the construct ${address.node.path}`,
        allowed: "an address as an object of options",
        remedy: "use MetricsDestination.postgreSqlCluster for a construct",
      });
    }
    requireOptionsOf(ADDRESS, address, POSTGRESQL_ADDRESS, EXAMPLE);
  }

  protected tables(integration: Construct): Tables {
    const connection = postgreSqlConnection(integration, "metrics", this.address);
    return { schema: PostgreSqlSchema._of(connection, [this.schemaName]), reader: this.readerName };
  }
}

function requireReader(property: string, name: unknown): void {
  requireKnown(property, name, "it stands in what nodes are told");
  requireText(
    property,
    name,
    USER_NAME,
    "the name of a user: 1 to 63 lower-case letters, digits and _, not beginning with a digit",
  );
}
