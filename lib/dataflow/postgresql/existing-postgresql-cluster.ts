import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { checkInputOf } from "../../core/terraform/refusals";
import { isToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import { requireSecurityGroupId } from "../../network/peer";
import { certificateAuthorities } from "../certificate-authorities";
import { connectionName } from "../connection-name";
import { requireHost, requireRegionOfHost } from "../host";
import { requireRegionOfSecret } from "../login-secret";
import { IPostgreSqlCluster } from "./i-postgresql-cluster";
import { PostgreSqlAuthentication, requirePostgreSqlAuthentication } from "./postgresql-authentication";
import { PostgreSqlConnection } from "./postgresql-connection";
import { PostgreSqlSchema } from "./postgresql-schema";
import { rdsAuthorities } from "./rds-authorities";

/** An existing database of PostgreSQL, as `PostgreSqlCluster.fromPostgreSqlClusterAttributes` takes it. */
export interface PostgreSqlClusterAttributes {
  /**
   * Name of the host that takes writes, as its certificate carries it, such as
   * `analytics.abc123.eu-west-1.rds.amazonaws.com`.
   */
  readonly host: string;
  /**
   * TCP port, 1 to 65535.
   *
   * @default 5432
   */
  readonly port?: number;
  /** Name of the database: 1 to 63 letters, digits, `_` and `-`, not beginning with a digit or `-`. */
  readonly databaseName: string;
  /**
   * Security group of the server, in the network of the Flink cluster or one that is peered with it. It is opened to the
   * nodes of each Flink cluster that uses this database, at its port; nothing else of it is changed.
   */
  readonly securityGroupId: string;
  /** Who jobs are for the database. */
  readonly authentication: PostgreSqlAuthentication;
  /**
   * Certificates, as PEM, of the authorities that sign the server's certificate, at most 256 KiB.
   *
   * @default - for hosts of Amazon RDS those of its region, else those that the machines' operating system trusts
   */
  readonly certificateAuthorities?: string;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}

const ATTRIBUTES: OptionNames<PostgreSqlClusterAttributes> = {
  host: true,
  port: true,
  databaseName: true,
  securityGroupId: true,
  authentication: true,
  certificateAuthorities: true,
  connectionName: true,
};
const DEFAULT_PORT = 5432;
/** What needs no escaping in an address. */
const DATABASE_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
const AMAZON_RDS = /\.(?:([a-z0-9-]+)\.rds\.amazonaws\.com|rds\.(cn-[a-z0-9-]+)\.amazonaws\.com\.cn)$/i;
/** Certificates of RDS Proxy are of authorities that every operating system trusts (RDS User Guide, "Using TLS/SSL with RDS Proxy"). */
const RDS_PROXY = /\.proxy-[a-z0-9]+\./i;

/** A database that others manage. Nothing of it is changed but that its security group lets nodes in. */
export class ExistingPostgreSqlCluster extends Construct implements IPostgreSqlCluster {
  public readonly host: string;
  public readonly port: number;
  public readonly databaseName: string;
  private readonly connection: PostgreSqlConnection;

  public constructor(scope: Construct, id: string, attributes: PostgreSqlClusterAttributes) {
    super(scope, id);
    const port = attributes?.port ?? DEFAULT_PORT;
    this.connection = checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      const { host, databaseName, securityGroupId, authentication } = attributes;
      const region = AwsAccount.knownRegion(this);
      requireHost("host", host, "analytics.example.internal");
      requireRegionOfHost("host", host, rdsRegion(host), region);
      requireKnown("port", port, "it decides what the firewall opens");
      requireInteger("port", port, 1, 65_535);
      requireKnown("databaseName", databaseName, "it stands in the address that jobs use");
      requireText(
        "databaseName",
        databaseName,
        DATABASE_NAME,
        "the name of a database: 1 to 63 letters, digits, _ and -, not beginning with a digit or -",
      );
      requireSecurityGroupId("securityGroupId", securityGroupId);
      requirePostgreSqlAuthentication("authentication", authentication);
      requireRegionOfSecret(authentication._secret, region);
      return new PostgreSqlConnection({
        name: connectionName(attributes.connectionName, id, "postgresql"),
        path: this.node.path,
        secret: authentication._secret,
        certificateAuthorities: certificateAuthorities(
          attributes.certificateAuthorities ?? authoritiesOf(host, region),
        ),
        ...{ host, port, databaseName, securityGroupId },
      });
    });
    this.host = attributes.host;
    this.port = port;
    this.databaseName = attributes.databaseName;
  }

  public schema(name: string): PostgreSqlSchema {
    return checkInputOf(this, () => PostgreSqlSchema._of(this.connection, [name]));
  }
}

function rdsRegion(host: string): string | undefined {
  const [, region, chinese] = (isToken(host) ? null : AMAZON_RDS.exec(host)) ?? [];
  return (region ?? chinese)?.toLowerCase();
}

/** No operating system trusts those of Amazon RDS. A host that only Terraform knows may be anybody's. */
function authoritiesOf(host: string, region: string | undefined): string | undefined {
  const ofHost = rdsRegion(host);
  if (!isToken(host) && (ofHost === undefined || RDS_PROXY.test(host))) return undefined;
  const found = ofHost === undefined ? undefined : rdsAuthorities(ofHost);
  if (found !== undefined) return found;
  refuse({
    property: "certificateAuthorities",
    value: undefined,
    allowed: isToken(host)
      ? "given, because only Terraform knows the host"
      : `given for ${ofHost}, whose authorities this version of cdktf-flink does not know`,
    remedy: `set it to the PEM of the authorities, which for Amazon RDS is the certificate bundle of ${region ?? "the region"}`,
  });
}
