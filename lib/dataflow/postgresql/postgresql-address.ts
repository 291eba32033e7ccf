import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { isToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger, requireText } from "../../core/validation";
import { Egress } from "../../network/egress/egress";
import { directReachOf } from "../../network/egress/reach-of";
import { certificateAuthorities, requireNoAuthorities } from "../certificate-authorities";
import { comparableHost, requireHost, requireRegionOfHost } from "../host";
import { requireRegionOfSecret } from "../secret";
import { RdsHost, rdsHost } from "./amazon-rds";
import { requireNoMasterSecret } from "./master-secret";
import { PostgreSqlAuthentication, requirePostgreSqlAuthentication } from "./postgresql-authentication";
import { PostgreSqlConnection } from "./postgresql-connection";
import { rdsAuthorities } from "./rds-authorities";

/** Where a database of PostgreSQL is that exists already, how nodes come there, and who they are for it. */
export interface PostgreSqlAddress {
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
   * Security group of the server, in the network of the Flink cluster or one of the same region that is peered with it. It
   * is opened to the nodes of each Flink cluster that uses this database, at its port; nothing else of it is changed. To be
   * given, or `egress` in its place.
   *
   * @default - none, where `egress` is given
   */
  readonly securityGroupId?: string;
  /**
   * The way to a server outside of the Flink cluster's network, such as `Egress.peered` or `Egress.privateLink`: in another
   * region, network, account or site. Refused beside `securityGroupId`.
   *
   * @default - none, where `securityGroupId` is given
   */
  readonly egress?: Egress;
  /** Who jobs are for the database, or who writes metrics to it. */
  readonly authentication: PostgreSqlAuthentication;
  /**
   * Certificates, as PEM, of the authorities that sign the server's certificate, at most 256 KiB.
   *
   * Those that are given are the only ones that count: not for RDS Proxy, and for Amazon RDS only where it has newer ones.
   *
   * @default - for hosts of Amazon RDS, also of a database of the same program, those of its region, else those that the
   * machines' operating system trusts
   */
  readonly certificateAuthorities?: string;
}

export const POSTGRESQL_ADDRESS: OptionNames<PostgreSqlAddress> = {
  host: true,
  port: true,
  databaseName: true,
  securityGroupId: true,
  egress: true,
  authentication: true,
  certificateAuthorities: true,
};
const DEFAULT_PORT = 5432;
/** What needs no escaping in an address. */
const DATABASE_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

/**
 * The way to a database at such an address, checked. `database` is the construct that was told of it, and the connection is
 * called as `name` has it.
 */
export function postgreSqlConnection(
  database: Construct,
  name: string,
  address: PostgreSqlAddress,
): PostgreSqlConnection {
  const { host, port = DEFAULT_PORT, databaseName, authentication } = address;
  const region = AwsAccount.knownRegion(database);
  requireHost("host", host, "analytics.example.internal");
  const rds = rdsHost(database, host);
  if (address.egress === undefined) requireRegionOfHost("host", host, rds?.region, region);
  requireKnown("port", port, "it decides what the firewall opens");
  requireInteger("port", port, 1, 65_535);
  requireKnown("databaseName", databaseName, "it stands in the address that jobs use");
  requireText(
    "databaseName",
    databaseName,
    DATABASE_NAME,
    "the name of a database: 1 to 63 letters, digits, _ and -, not beginning with a digit or -",
  );
  const reach = directReachOf(address, "clients of PostgreSQL");
  reach.checkHosts("host", [comparableHost(host)]);
  requirePostgreSqlAuthentication("authentication", authentication);
  requireRegionOfSecret(authentication._secret, region);
  requireNoMasterSecret(database, authentication._secret);
  return new PostgreSqlConnection({
    name,
    path: database.node.path,
    secret: authentication._secret,
    certificateAuthorities: authoritiesOf(address, rds, region),
    isReader: rds?.isReader,
    ...{ host, port, databaseName, reach },
  });
}

/** What is given comes first, as a region may get others before this library knows them. */
function authoritiesOf(
  address: PostgreSqlAddress,
  rds: RdsHost | undefined,
  region: string | undefined,
): string | undefined {
  const given = certificateAuthorities(address.certificateAuthorities);
  if (rds?.isProxy) requireNoAuthorities(given, "RDS Proxy");
  if (given !== undefined) return given;
  if (rds === undefined && isToken(address.host)) {
    refuse({
      property: "certificateAuthorities",
      value: given,
      allowed: "given, because only Terraform knows the host, and not by a database of this program",
      remedy: `set it to the PEM of the authorities, which for Amazon RDS is the certificate bundle of ${region ?? "the region"}`,
    });
  }
  if (rds === undefined || rds.isProxy) return undefined;
  const found = rds.region === undefined ? undefined : rdsAuthorities(rds.region);
  if (found !== undefined) return found;
  refuse({
    property: "certificateAuthorities",
    value: given,
    allowed:
      rds.region === undefined
        ? "given, because the AWS provider of the database's stack says no region"
        : `given for ${rds.region}, whose authorities this version of cdktf-flink does not know`,
    remedy: `set it to the certificate bundle of Amazon RDS for ${rds.region ?? "the region"}`,
  });
}
