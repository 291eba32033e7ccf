import { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameOfPlace } from "../../core/terraform/names";
import { requireKnown } from "../../core/terraform/text";
import {
  OptionNames,
  refuse,
  requireInstance,
  requireInteger,
  requireOptionsOf,
  requireText,
} from "../../core/validation";
import { requireKey } from "../../encryption/key-checks";
import { requireRetentionDays } from "../../network/log-retention";
import { requireRegionOfNetwork } from "../../network/region-of-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { requireRemovalPolicy, requireWholeDays } from "../../storage/storage-checks";
import { certificateAuthorities } from "../certificate-authorities";
import { connectionName } from "../connection-name";
import { LoginSecret } from "../login-secret";
import { requireRegionOfSecret } from "../secret";
import { requireThreeZones } from "../three-zones";
import { checkDatabaseStorage, DatabaseStorage } from "./database-storage";
import { requireNoMasterSecret } from "./master-secret";
import { requirePostgreSqlAuthentication } from "./postgresql-authentication";
import { PostgreSqlClusterProps } from "./postgresql-cluster-props";
import { PostgreSqlInstanceClass } from "./postgresql-instance-class";
import { PostgreSqlVersion } from "./postgresql-version";
import { rdsAuthorities } from "./rds-authorities";
import { isReservedWord } from "./reserved-words";

const PROPS: OptionNames<PostgreSqlClusterProps> = {
  network: true,
  databaseName: true,
  authentication: true,
  certificateAuthorities: true,
  instanceIdentifier: true,
  version: true,
  instanceClass: true,
  allocatedStorage: true,
  maxAllocatedStorage: true,
  port: true,
  backupRetention: true,
  encryptionKey: true,
  logRetention: true,
  logEncryptionKey: true,
  removalPolicy: true,
  connectionName: true,
};
const LONGEST_NAME = 63;
const INSTANCE_IDENTIFIER = /^(?=.{1,63}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const DATABASE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
/** Every database of Amazon RDS has them from its beginning. */
const OTHER_DATABASES = ["postgres", "rdsadmin", "template0", "template1"];
/** Not PostgreSQL's own, where everybody looks first. */
const DEFAULT_PORT = 5433;
/** Amazon RDS API reference, `CreateDBInstance`. */
const [LEAST_PORT, LARGEST_PORT] = [1150, 65_535];
/** Fewer than seven days help nobody who was away for a week; more than 35 Amazon RDS does not keep. */
const [LEAST_BACKUP_DAYS, MOST_BACKUP_DAYS] = [7, 35];

/** What a database is made of, checked and with its defaults. */
export interface PostgreSqlClusterSettings {
  readonly databaseName: string;
  /** Of the user that jobs are; absent where there is none yet. */
  readonly secret?: LoginSecret;
  /** PEM; absent where neither the program nor the library knows them. */
  readonly certificateAuthorities?: string;
  readonly instanceIdentifier: string;
  readonly connectionName: string;
  readonly version: string;
  readonly instanceClass: string;
  readonly storage: DatabaseStorage;
  readonly port: number;
  readonly backupDays: number;
  readonly logRetentionDays: number;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkPostgreSqlClusterProps(
  cluster: Construct,
  id: string,
  props: PostgreSqlClusterProps,
): PostgreSqlClusterSettings {
  requireOptionsOf("props", props, PROPS);
  requireThreeZones("network", props.network, "the standby is in another zone, wherever the first is");
  requireRegionOfNetwork("network", props.network, cluster);
  requireDatabaseName("databaseName", props.databaseName);
  if (props.encryptionKey !== undefined) requireKey("encryptionKey", props.encryptionKey);
  if (props.logEncryptionKey !== undefined) requireKey("logEncryptionKey", props.logEncryptionKey);
  const {
    authentication,
    version = PostgreSqlVersion.V17,
    instanceClass = PostgreSqlInstanceClass.M7G_LARGE,
    port = DEFAULT_PORT,
    backupRetention = Duration.days(14),
    logRetention = Duration.days(365),
    removalPolicy = RemovalPolicy.RETAIN,
  } = props;
  const region = AwsAccount.knownRegion(cluster);
  if (authentication !== undefined) {
    requirePostgreSqlAuthentication("authentication", authentication);
    requireRegionOfSecret(authentication._secret, region);
    requireNoMasterSecret(cluster, authentication._secret);
  }
  requireInstance("version", version, PostgreSqlVersion, "PostgreSqlVersion.V17");
  requireInstance("instanceClass", instanceClass, PostgreSqlInstanceClass, "PostgreSqlInstanceClass.M7G_LARGE");
  requireKnown("port", port, "it decides what the firewall opens");
  requireInteger("port", port, LEAST_PORT, LARGEST_PORT);
  requireRemovalPolicy("removalPolicy", removalPolicy);
  return {
    databaseName: props.databaseName,
    secret: authentication?._secret,
    certificateAuthorities: certificateAuthorities(
      props.certificateAuthorities ?? (region === undefined ? undefined : rdsAuthorities(region)),
    ),
    instanceIdentifier: instanceIdentifier(cluster, props.instanceIdentifier),
    connectionName: connectionName(props.connectionName, id, "postgresql"),
    version: version.version,
    instanceClass: instanceClass.name,
    storage: checkDatabaseStorage(props.allocatedStorage, props.maxAllocatedStorage),
    port,
    backupDays: requireWholeDays("backupRetention", backupRetention, LEAST_BACKUP_DAYS, MOST_BACKUP_DAYS),
    logRetentionDays: requireRetentionDays("logRetention", logRetention),
    removalPolicy,
  };
}

function requireDatabaseName(property: string, name: unknown): asserts name is string {
  requireKnown(property, name, "it stands in the address that jobs use");
  const allowed = "the name of a database: 1 to 63 letters, digits and _, beginning with a letter";
  requireText(property, name, DATABASE_NAME, allowed);
  const isThere = OTHER_DATABASES.includes(String(name).toLowerCase());
  if (!isThere && !isReservedWord(String(name))) return;
  refuse({
    property,
    value: name,
    allowed: isThere
      ? `none of ${OTHER_DATABASES.join(", ")}, which are there anyway`
      : "no word that PostgreSQL reserves, as Amazon RDS makes no database of such a name",
    remedy: 'name one of your own, for example "analytics"',
  });
}

function instanceIdentifier(cluster: Construct, given: string | undefined): string {
  if (given === undefined) return nameOfPlace(cluster, LONGEST_NAME);
  requireKnown("instanceIdentifier", given, "it names log groups, to which a policy refers");
  requireText(
    "instanceIdentifier",
    given,
    INSTANCE_IDENTIFIER,
    `1 to ${LONGEST_NAME} lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen`,
  );
  return given;
}
