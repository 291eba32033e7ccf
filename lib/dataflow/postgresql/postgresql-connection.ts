import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import { Allowance } from "../../core/terraform/policy";
import type { Reach } from "../../network/egress/reach";
import { refuse } from "../../core/validation";
import type { ConnectionTable } from "../../node/connection-tables";
import type { ConnectionCredential } from "../../node/desired-state";
import { connectionAuthoritiesFile } from "../../node/paths";
import { comparableHost, HOST_FOR_TERRAFORM } from "../host";
import { LoginSecret } from "../login-secret";
import { Connection, ConnectionUse, ScopeRequirement } from "../scope";
import { allowancesOfSecret, requirementsOfSecret } from "../secret";
import { withoutWildcards } from "../terraform-value";

export interface PostgreSqlConnectionProps {
  readonly name: string;
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly databaseName: string;
  readonly reach: Reach;
  readonly secret: LoginSecret;
  /** PEM; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
  /** Whether the host leads to machines that take no writes. */
  readonly isReader?: boolean;
}

/** How Flink reaches one database of PostgreSQL, and who it is for it. */
export class PostgreSqlConnection implements Connection {
  public readonly name: string;
  public readonly path: string;
  public readonly connectors: readonly ConnectorName[] = ["jdbc-postgresql"];
  public readonly reach: Reach;
  public readonly hosts: readonly string[];
  public readonly ports: readonly number[];
  public readonly credential: ConnectionCredential;
  public readonly certificateAuthorities?: string;

  public constructor(private readonly props: PostgreSqlConnectionProps) {
    ({ name: this.name, path: this.path, reach: this.reach } = props);
    this.hosts = [comparableHost(props.host)];
    this.ports = [props.port];
    this.credential = { kind: "postgresql", secretArn: props.secret.secretArn };
    this.certificateAuthorities = props.certificateAuthorities;
  }

  /** Pairs of names: if one pair is the same, both lead to the same database. */
  public sameDatabaseIf(other: PostgreSqlConnection): readonly (readonly [string, string])[] {
    const { port, databaseName } = this.props;
    if (port !== other.props.port || databaseName !== other.props.databaseName) return [];
    return [[this.hosts[0], other.hosts[0]]];
  }

  /** What Terraform must find true of values that it alone knows: they stand in what nodes read. */
  public requirements(): readonly ScopeRequirement[] {
    const { path, host, secret } = this.props;
    const ofHost = withoutWildcards(path, [{ value: host, pattern: HOST_FOR_TERRAFORM, what: "the name of a host" }]);
    return [...ofHost, ...requirementsOfSecret(path, secret)];
  }

  /** What a client is told that knows no address of JDBC, and logs in by the secret itself. */
  public get login(): { readonly host: string; readonly database: string; readonly secretArn: string } {
    const { host, databaseName, secret } = this.props;
    return { host, database: databaseName, secretArn: secret.secretArn };
  }

  public allowances(scope: Construct, kind: "Read" | "Write"): Allowance[] {
    if (kind === "Write") this.refuseReader();
    return allowancesOfSecret(scope, kind, this.props.secret);
  }

  public describe({ read, write }: ConnectionUse): object {
    return { kind: "postgresql", url: this.url(), schemas: { read, write } };
  }

  public tables(): readonly ConnectionTable[] {
    return [{ name: this.name, tableOptions: { connector: "jdbc", url: this.url() } }];
  }

  private refuseReader(): void {
    const { host, path, isReader } = this.props;
    if (!isReader) return;
    refuse({
      property: `host of ${path}`,
      value: host,
      allowed: "the endpoint that takes writes, for what jobs write, and this one leads to readers alone",
      remedy: "name the cluster's endpoint without -ro, and this one a second time for what jobs read",
    });
  }

  /** The driver takes user and password from the service of the connection's name, anew for each connection. */
  private url(): string {
    const { host, port, databaseName } = this.props;
    const trust =
      this.certificateAuthorities === undefined
        ? "sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory"
        : `sslrootcert=${connectionAuthoritiesFile(this.name)}`;
    return `jdbc:postgresql://${host}:${port}/${databaseName}?service=${this.name}&sslmode=verify-full&${trust}`;
  }
}
