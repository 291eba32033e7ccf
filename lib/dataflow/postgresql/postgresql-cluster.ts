import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameTag } from "../../core/terraform/names";
import { checkInputOf } from "../../core/terraform/refusals";
import { refuse } from "../../core/validation";
import { SecurityGroupReach } from "../../network/egress/security-group-reach";
import { RemovalPolicy } from "../../storage/removal-policy";
import { storedDataKey } from "../../storage/stored-data-key";
import { closedSecurityGroup } from "../closed-security-group";
import { requireProvisioning } from "../provisioning/require-provisioning";
import { ServiceLogs } from "../service-logs";
import { requireUniqueName } from "../unique-name";
import { DatabaseMonitoring } from "./database-monitoring";
import { ExistingPostgreSqlCluster, PostgreSqlClusterAttributes } from "./existing-postgresql-cluster";
import { IPostgreSqlCluster } from "./i-postgresql-cluster";
import { PostgreSqlClusterProps } from "./postgresql-cluster-props";
import { checkPostgreSqlClusterProps, PostgreSqlClusterSettings } from "./postgresql-cluster-settings";
import { PostgreSqlConnection, PostgreSqlConnectionProps } from "./postgresql-connection";
import { PostgreSqlProvisioning, PostgreSqlSchemaProps, SchemaOfMaker } from "./postgresql-provisioning";
import { PostgreSqlSchema } from "./postgresql-schema";
import { PostgreSqlUser, PostgreSqlUserProps } from "./postgresql-user";

/** Everybody tries `postgres` and `admin` first. */
const MASTER_USER = "dbowner";
/** The shortest that Amazon RDS keeps Performance Insights for, without a price. */
const INSIGHTS_DAYS = 7;
const MONITORING_SECONDS = 60;
/** Of Amazon RDS; its authorities of a region sign it (`rdsAuthorities`). */
const AUTHORITY = "rds-ca-rsa2048-g1";
/** By the names that Amazon RDS has for them. */
const LOGS = ["postgresql", "upgrade"];
/** TLS or nothing; what changes tables or users, and what takes longer than a second, in the log. */
const PARAMETERS = [
  { name: "log_min_duration_statement", value: "1000" },
  { name: "log_statement", value: "ddl" },
  { name: "password_encryption", value: "scram-sha-256" },
  { name: "rds.force_ssl", value: "1" },
];

/**
 * PostgreSQL as a source or a sink of jobs: a database of Amazon RDS with a standby in another zone. TLS alone; encrypted by
 * a key of its own; closed but to the Flink clusters that use it; backups for two weeks; logs kept for a year; storage that
 * grows. AWS makes the administrator's password, keeps it in Secrets Manager and changes it every week: jobs never log in by
 * it, but as a user that `addUser` makes, or you.
 */
export class PostgreSqlCluster extends Construct implements IPostgreSqlCluster {
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

  /** Name of the instance. */
  public readonly instanceIdentifier: string;
  /**
   * ARN of the instance.
   * @attribute
   */
  public readonly instanceArn: string;
  public readonly host: string;
  public readonly port: number;
  public readonly databaseName: string;
  /**
   * ARN of the secret with name and password of the administrator, which AWS keeps: for people, never for jobs.
   * @attribute
   */
  public readonly masterSecretArn: string;
  /**
   * Security group of the database: without a rule until a Flink cluster uses it, at its port.
   * @attribute
   */
  public readonly securityGroupId: string;
  /**
   * ARN of the key that encrypts what is stored.
   * @attribute
   */
  public readonly encryptionKeyArn: string;
  private readonly settings: PostgreSqlClusterSettings;
  /** All schemas of `authentication` share one. */
  private connection?: PostgreSqlConnection;
  /** Made when something is first asked of it. */
  private provisioning?: PostgreSqlProvisioning;

  /**
   * @param scope where it belongs
   * @param id unique in the scope
   * @param props where it stands, and how large it is
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: PostgreSqlClusterProps,
  ) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkPostgreSqlClusterProps(this, id, props));
    this.requireUniqueName(settings);
    this.settings = settings;
    ({ instanceIdentifier: this.instanceIdentifier, port: this.port, databaseName: this.databaseName } = settings);
    this.encryptionKeyArn = storedDataKey(this, {
      description: `What the database ${this.instanceIdentifier} stores`,
      removalPolicy: settings.removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    this.securityGroupId = closedSecurityGroup(this, {
      vpcId: props.network.vpcId,
      name: `postgresql-${this.instanceIdentifier}`,
      description: `The database ${this.instanceIdentifier}`,
    });
    const instance = this.createInstance(settings, props);
    this.instanceArn = instance.arn;
    this.host = instance.address;
    this.masterSecretArn = instance.masterUserSecret.get(0).secretArn;
  }

  public schema(name: string): PostgreSqlSchema {
    return checkInputOf(this, () => {
      this.connection ??= this.connect({
        name: this.settings.connectionName,
        path: this.node.path,
        secret: this.settings.secret ?? this.refuseWithoutUser(),
      });
      return PostgreSqlSchema._of(this.connection, [name]);
    });
  }

  /**
   * A schema that the deploy makes, with its tables, as the administrator, who owns them. One that is there already stays as
   * it is, and must be the administrator's, with nobody else who may make things in it. Nothing is ever dropped: not on a destroy, and
   * not when the program no longer names it.
   *
   * @param name of the schema, as PostgreSQL has it: 1 to 63 lower-case letters, digits and `_`, not beginning with a digit or `pg_`, and no word that PostgreSQL reserves
   * @param props what makes its tables
   */
  public addSchema(name: string, props: PostgreSqlSchemaProps = {}): void {
    checkInputOf(this, () => this.provided().addSchema(name, props));
  }

  /**
   * A user for jobs that the deploy makes, with a password that nobody knows and the least of grants: hand what its
   * `schema()` gives to `readFrom`, `writeTo` or `readWrite`. What it was granted and the program no longer says is taken
   * from it. When the program no longer names the user, its grants are taken, it can no longer log in and its sessions are ended; it is
   * not dropped. That is done by a deploy for which the program still has an `addSchema` or `addUser` of this database: without
   * any, nobody is closed. At most 20.
   *
   * @param name of the user: 1 to 63 lower-case letters, digits and `_`, not beginning with a digit, `pg_` or `rds`, and none that is there already
   * @param props what it may do
   */
  public addUser(name: string, props: PostgreSqlUserProps): PostgreSqlUser {
    return checkInputOf(this, () => this.provided().addUser(name, props));
  }

  /**
   * A schema in which the deploy lets one user make tables, and another come in.
   * @internal
   */
  public _schemaOfMaker(name: string): SchemaOfMaker {
    return checkInputOf(this, () => this.provided().schemaOfMaker(name));
  }

  /**
   * What the last deploy that asked for something new made in the database, what was there already, and what it closed, as
   * JSON (`made`, `there`, `closed`), to hand to a `TerraformOutput`. Refused before `addSchema` was called.
   * @attribute
   */
  public get provisioningReport(): string {
    return checkInputOf(this, () => requireProvisioning(this.provisioning, "addSchema").report);
  }

  private provided(): PostgreSqlProvisioning {
    const { connectionName, logRetentionDays, removalPolicy } = this.settings;
    this.provisioning ??= new PostgreSqlProvisioning(this, "Provisioning", {
      network: this.props.network,
      instanceIdentifier: this.instanceIdentifier,
      ...{ host: this.host, port: this.port, databaseName: this.databaseName },
      certificateAuthorities: this.settings.certificateAuthorities ?? this.refuseWithoutAuthorities(),
      securityGroupId: this.securityGroupId,
      administrator: MASTER_USER,
      masterSecretArn: this.masterSecretArn,
      encryptionKeyArn: this.encryptionKeyArn,
      logEncryptionKey: this.props.logEncryptionKey,
      ...{ connectionName, logRetentionDays, removalPolicy },
      connect: (as) => this.connect(as),
    });
    return this.provisioning;
  }

  private requireUniqueName({ instanceIdentifier: name }: PostgreSqlClusterSettings): void {
    const nameOf = (other: IConstruct) => (other instanceof PostgreSqlCluster ? other.instanceIdentifier : undefined);
    checkInputOf(this, () =>
      requireUniqueName(this, { property: "instanceIdentifier", name, kind: "database", nameOf }),
    );
  }

  private connect(as: Pick<PostgreSqlConnectionProps, "name" | "path" | "secret">): PostgreSqlConnection {
    return new PostgreSqlConnection({
      ...as,
      host: this.host,
      port: this.port,
      databaseName: this.databaseName,
      reach: new SecurityGroupReach(this.securityGroupId),
      certificateAuthorities: this.settings.certificateAuthorities ?? this.refuseWithoutAuthorities(),
    });
  }

  private refuseWithoutUser(): never {
    refuse({
      property: "authentication",
      value: undefined,
      allowed: "given, because jobs never log in as the one who administers the database",
      remedy: "use schema() of what addUser gives, or make a user there and set authentication (docs/postgresql.md)",
    });
  }

  private refuseWithoutAuthorities(): never {
    const region = AwsAccount.knownRegion(this);
    refuse({
      property: "certificateAuthorities",
      value: undefined,
      allowed:
        region === undefined
          ? "given, because the stack's AWS provider says no region"
          : `given for ${region}, whose authorities this version of cdktf-flink does not know`,
      remedy:
        region === undefined
          ? "set region of the AWS provider, or certificateAuthorities to the certificate bundle of Amazon RDS for the region"
          : `set it to the certificate bundle of Amazon RDS for ${region}`,
    });
  }

  private createInstance(settings: PostgreSqlClusterSettings, props: PostgreSqlClusterProps): DbInstance {
    const isRetained = settings.removalPolicy === RemovalPolicy.RETAIN;
    const name = `postgresql-${this.instanceIdentifier}`;
    const tags = { Name: nameTag(this) };
    const logs = new ServiceLogs(this, "Logs", {
      writer: `the database ${this.instanceIdentifier}`,
      logGroups: Object.fromEntries(LOGS.map((log) => [log, `/aws/rds/instance/${this.instanceIdentifier}/${log}`])),
      retentionDays: settings.logRetentionDays,
      encryptionKey: props.logEncryptionKey,
    });
    const monitoring = new DatabaseMonitoring(this, "Monitoring", { instanceIdentifier: this.instanceIdentifier });
    return new DbInstance(this, "Resource", {
      identifier: this.instanceIdentifier,
      engine: "postgres",
      engineVersion: settings.version,
      autoMinorVersionUpgrade: true,
      instanceClass: settings.instanceClass,
      multiAz: true,
      dbName: this.databaseName,
      port: this.port,
      username: MASTER_USER,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: this.encryptionKeyArn,
      // For people: scanners ask for it (CKV_AWS_161), and nobody comes in by it but users to whom rds_iam is granted.
      iamDatabaseAuthenticationEnabled: true,
      storageType: "gp3",
      allocatedStorage: settings.storage.first,
      maxAllocatedStorage: settings.storage.most,
      storageEncrypted: true,
      kmsKeyId: this.encryptionKeyArn,
      dbSubnetGroupName: new DbSubnetGroup(this, "Subnets", {
        ...{ name, tags },
        description: `Where the database ${this.instanceIdentifier} stands`,
        subnetIds: props.network.subnetIds,
      }).name,
      vpcSecurityGroupIds: [this.securityGroupId],
      publiclyAccessible: false,
      caCertIdentifier: AUTHORITY,
      parameterGroupName: new DbParameterGroup(this, "Parameters", {
        // Another version has other parameters: the new group is there before the old one goes.
        namePrefix: `${name}-`,
        tags,
        description: `The database ${this.instanceIdentifier}`,
        family: `postgres${settings.version}`,
        parameter: PARAMETERS,
        lifecycle: { createBeforeDestroy: true },
      }).name,
      backupRetentionPeriod: settings.backupDays,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !isRetained,
      deletionProtection: isRetained,
      skipFinalSnapshot: !isRetained,
      finalSnapshotIdentifier: isRetained ? `${this.instanceIdentifier}-final` : undefined,
      enabledCloudwatchLogsExports: LOGS,
      monitoringInterval: MONITORING_SECONDS,
      monitoringRoleArn: monitoring.roleArn,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: this.encryptionKeyArn,
      performanceInsightsRetentionPeriod: INSIGHTS_DAYS,
      tags,
      lifecycle: { preventDestroy: isRetained },
      // Amazon RDS would make the log groups itself, without a key and for ever, and looks at once whether the role is enough.
      dependsOn: [...logs.all, monitoring.rolePolicy],
    });
  }
}
