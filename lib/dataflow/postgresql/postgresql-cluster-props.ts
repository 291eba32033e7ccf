import { Duration } from "../../core/duration";
import { Size } from "../../core/size";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { PostgreSqlAuthentication } from "./postgresql-authentication";
import { PostgreSqlInstanceClass } from "./postgresql-instance-class";
import { PostgreSqlVersion } from "./postgresql-version";

/** What a `PostgreSqlCluster` can be told. */
export interface PostgreSqlClusterProps {
  /** Where it stands: a network of three zones, of which two have a machine each. */
  readonly network: IFlinkNetwork;
  /**
   * Name of the database: 1 to 63 letters, digits and `_`, beginning with a letter, and none that is there anyway, such as
   * `postgres`, nor a word that PostgreSQL reserves, such as `user`. Fixed for its life.
   */
  readonly databaseName: string;
  /**
   * Who jobs are for the database: a user that you make there, as the one who administers it. Without it nothing can be read
   * or written by `schema()`.
   *
   * @default - none yet, as the database must be there before its users
   */
  readonly authentication?: PostgreSqlAuthentication;
  /**
   * Certificates, as PEM, of the authorities that sign the server's certificate, at most 256 KiB. Those that are given are
   * the only ones that count: for regions that this library does not know, or that have newer ones.
   *
   * @default - those of Amazon RDS in the region that the AWS provider of the stack says; to be given where it says none
   */
  readonly certificateAuthorities?: string;
  /**
   * Name of the instance, unique in the account and region: 1 to 63 lower-case letters, digits and single hyphens, beginning
   * with a letter and not ending with a hyphen.
   *
   * @default - made of the construct's place in the program, such as `sinks-analytics`
   */
  readonly instanceIdentifier?: string;
  /**
   * Major version of PostgreSQL; minor ones are taken on by themselves, in the maintenance window.
   *
   * @default PostgreSqlVersion.V17
   */
  readonly version?: PostgreSqlVersion;
  /**
   * Size of the machine that takes writes, and of its standby.
   *
   * @default PostgreSqlInstanceClass.M7G_LARGE
   */
  readonly instanceClass?: PostgreSqlInstanceClass;
  /**
   * Storage to begin with (EBS, gp3): whole GiB, 20 GiB to 64 TiB. It never becomes less.
   *
   * @default Size.gibibytes(100)
   */
  readonly allocatedStorage?: Size;
  /**
   * Up to what storage grows by itself: whole GiB, up to 64 TiB, and at least a tenth more than `allocatedStorage`, or the
   * same for storage that does not grow.
   *
   * @default - 4 times `allocatedStorage`
   */
  readonly maxAllocatedStorage?: Size;
  /**
   * TCP port, 1150 to 65535.
   *
   * @default 5433
   */
  readonly port?: number;
  /**
   * For how long backups are kept, by which the database can be had again as it was at any second: 7 to 35 days.
   *
   * @default Duration.days(14)
   */
  readonly backupRetention?: Duration;
  /**
   * Key of your own for all that is stored, for the administrator's password and for Performance Insights, such as
   * `Key.fromKeyAttributes(...)` gives it: symmetric, of the account and region of the database; its policy must leave it to
   * the account's own policies who may use it (docs/keys.md). Fixed for the database's life. Never deleted with it.
   *
   * @default - a key for this database alone is created, with an alias and yearly rotation
   */
  readonly encryptionKey?: IKey;
  /**
   * How long logs are kept: 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days (what CloudWatch Logs offers
   * from one year on).
   *
   * @default Duration.days(365)
   */
  readonly logRetention?: Duration;
  /**
   * Key of your own for the logs: symmetric, of the account and region of the database; its policy must let CloudWatch Logs
   * use it (docs/keys.md says how).
   *
   * @default - a key for these logs alone is created, with an alias and yearly rotation
   */
  readonly logEncryptionKey?: IKey;
  /**
   * What becomes of the database, and of its key and alias where they are ours, which are one unit: with `RETAIN`, Terraform
   * refuses every plan that would destroy one of them or change the key, and Amazon RDS to delete the database
   * (`deletion_protection`); with `DESTROY` they go with all that is stored, backups included, the key after 7 days.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}
