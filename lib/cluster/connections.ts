import { ClusterFirewall } from "../network/firewall";
import { IFlinkNetwork } from "../network/i-flink-network";
import { ConnectionInput } from "../node/connections";
import { Connection, GrantedScope } from "../dataflow/scope";
import { refuse } from "../core/validation";
import { ClusterSoftware } from "./cluster-software";

export interface ConnectionsProps {
  readonly clusterName: string;
  readonly network: IFlinkNetwork;
  readonly firewall: ClusterFirewall;
  readonly software: ClusterSoftware;
}

interface Use {
  readonly read: Set<string>;
  readonly write: Set<string>;
}

/**
 * The systems that jobs reach: for each its doors, its connector, the way to its secret, and what the
 * nodes are told of it.
 */
export class Connections {
  private readonly uses = new Map<Connection, Use>();

  public constructor(private readonly props: ConnectionsProps) {}

  /** Refuses what could not work; changes nothing. */
  public check(property: string, { scopeName, _connection: connection }: GrantedScope): void {
    if (!connection) return;
    connection.connectors.forEach((one) => this.props.software.requireConnector(property, scopeName, one));
    connection.reach?.checkNetwork(connection, this.props);
    const twin = [...this.uses.keys()].find((other) => other !== connection && other.name === connection.name);
    if (!twin) return;
    refuse({
      property: "connectionName",
      value: connection.name,
      allowed: `another one for ${connection.path}, as ${twin.path} has it in the same Flink cluster`,
      remedy: "give one of the two another connectionName",
    });
  }

  /** Opens what a scope needs to be read, written or both. Naming it again changes nothing. */
  public open({ _connection: connection, _parts: parts = [] }: GrantedScope, use: readonly (keyof Use)[]): void {
    if (!connection) return;
    const { firewall, network, software } = this.props;
    connection.reach?.open(connection, { network, firewall });
    if (connection.credential) firewall.allowNodesToEndpoint(network.addInterfaceEndpoint("secretsmanager"));
    connection.connectors.forEach((one) => software.addConnector(one));
    const known = this.uses.get(connection) ?? { read: new Set(), write: new Set() };
    this.uses.set(connection, known);
    for (const kind of use) parts.forEach((part) => known[kind].add(part));
  }

  /** As the nodes are told of them, by name. */
  public inputs(): ConnectionInput[] {
    const { clusterName } = this.props;
    return [...this.uses]
      .map(([connection, { read, write }]) => {
        const use = { clusterName, read: [...read].sort(), write: [...write].sort() };
        return {
          name: connection.name,
          description: connection.describe(use),
          tables: connection.tables(use),
          credential: connection.credential,
          certificateAuthorities: connection.certificateAuthorities,
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
