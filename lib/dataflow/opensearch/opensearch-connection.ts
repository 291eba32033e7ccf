import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import { Allowance } from "../../core/terraform/policy";
import type { Reach } from "../../network/egress/reach";
import type { ConnectionTable } from "../../node/connection-tables";
import type { ConnectionCredential } from "../../node/desired-state";
import { connectionAuthoritiesFile } from "../../node/paths";
import type { OpenSearchLogLogin } from "../../node/logs/log-shipping";
import { comparableHost, HOST_FOR_TERRAFORM } from "../host";
import { Connection, ConnectionUse, ScopeRequirement } from "../scope";
import { withoutWildcards } from "../terraform-value";
import type { OpenSearchLogin } from "./opensearch-login";

export interface OpenSearchConnectionProps {
  readonly name: string;
  /** The construct that stands for the cluster. */
  readonly cluster: Construct;
  readonly host: string;
  readonly port: number;
  readonly reach: Reach;
  readonly login: OpenSearchLogin;
  /** Of who administers it, where it is known. */
  readonly masterUserArn?: string;
  /** PEM; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
}

/** How Flink reaches one cluster of OpenSearch, and who it is for it. */
export class OpenSearchConnection implements Connection {
  public readonly name: string;
  public readonly path: string;
  public readonly connectors: readonly ConnectorName[] = ["opensearch"];
  public readonly reach: Reach;
  public readonly hosts: readonly string[];
  public readonly ports: readonly number[];
  public readonly credential?: ConnectionCredential;
  public readonly certificateAuthorities?: string;
  /** Who may give all roles of OpenSearch. */
  public readonly administratorArns: readonly string[];

  public constructor(private readonly props: OpenSearchConnectionProps) {
    ({ name: this.name, reach: this.reach } = props);
    this.hosts = [comparableHost(props.host)];
    this.path = props.cluster.node.path;
    this.ports = [props.port];
    this.credential = props.login.credential;
    this.certificateAuthorities = props.certificateAuthorities;
    this.administratorArns = props.masterUserArn === undefined ? [] : [props.masterUserArn];
  }

  /** Pairs of names: if one pair is the same, both lead to the same cluster. */
  public sameClusterIf(other: OpenSearchConnection): readonly (readonly [string, string])[] {
    const pairs = (own: readonly string[], others: readonly string[]) =>
      own.flatMap((one) => others.map((another) => [one, another] as const));
    return [...pairs(this.hosts, other.hosts), ...pairs(this.props.login.clusterNames, other.props.login.clusterNames)];
  }

  /** What Terraform must find true of values that it alone knows: they stand in what nodes read. */
  public requirements(): readonly ScopeRequirement[] {
    const { host, login } = this.props;
    const values = [host, this.reach.proxy?.host].map((value) => ({
      value,
      pattern: HOST_FOR_TERRAFORM,
      what: "the name of a host",
    }));
    return [...withoutWildcards(this.path, values), ...login.requirements(this.path)];
  }

  public allowances(scope: Construct, indices: readonly string[]): Allowance[] {
    return this.props.login.allowances(scope, indices);
  }

  /** Such as `https://search.example.internal:9200`. */
  public get url(): string {
    return `https://${this.props.host}:${this.props.port}`;
  }

  /** How the exporter of logs says who it is. */
  public logLogin(): OpenSearchLogLogin {
    return this.props.login.logLogin(this.props.cluster);
  }

  public describe({ write }: ConnectionUse): object {
    const { login, cluster } = this.props;
    return {
      kind: "opensearch",
      url: this.url,
      ...login.describe(cluster, this.name),
      ...(this.certificateAuthorities === undefined
        ? {}
        : { certificateAuthoritiesFile: connectionAuthoritiesFile(this.name) }),
      ...(this.reach.proxy === undefined ? {} : { proxy: this.reach.proxy }),
      indices: { write },
    };
  }

  /** The connector reads the rest in the file that `describe` becomes. */
  public tables(): readonly ConnectionTable[] {
    return [{ name: this.name, tableOptions: { connector: "opensearch", connection: this.name } }];
  }
}
