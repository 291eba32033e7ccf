import { IConstruct } from "constructs";
import { inPlainCharacters } from "../description";
import { IFlinkNetwork } from "../i-flink-network";

/** A system that nodes are to reach. */
export interface Destination {
  /** The construct that stands for the system, for messages. */
  readonly path: string;
  /**
   * What nodes want there, for people.
   *
   * @default "What jobs read and write"
   */
  readonly purpose?: string;
  /** Names of its hosts in lower case; what only Terraform knows may be any text. */
  readonly hosts: readonly string[];
  /** TCP. */
  readonly ports: readonly number[];
}

/** How the firewall's rules call it. */
export function describeDestination({ purpose = "What jobs read and write", path }: Destination): string {
  return `${purpose}: ${inPlainCharacters(path)}`;
}

/** What closes machines, and opens to them what is named. Naming it again changes nothing. */
export interface Doors extends IConstruct {
  /** To members of a security group, at a port of TCP. */
  allowNodesTo(securityGroupId: string, port: number, description: string): void;
  /** To private addresses. */
  allowNodesToBlock(cidr: string, port: number, description: string): void;
}

/** The nodes of one cluster, or what else reaches a system: where they stand, and what closes them. */
export interface Nodes {
  readonly network: IFlinkNetwork;
  readonly firewall: Doors;
}

/** Who tunnels to systems (HTTP CONNECT), where clients ask for it. */
export interface HttpProxy {
  readonly host: string;
  /** TCP. */
  readonly port: number;
}

/** A way from nodes to a system. Of what is closed by default it opens what that system needs, and nothing else. */
export interface Reach {
  /** For people, such as `Egress.peered to 10.20.0.0/24`. */
  readonly title: string;
  /** Absent where clients call the system itself. */
  readonly proxy?: HttpProxy;
  /** True where all names of a system lead to one place, so that its hosts are told apart by their ports alone. */
  readonly hostsByPortAlone?: boolean;
  /** Refuses hosts to which it cannot lead, wherever nodes stand; `property` is what names them. */
  checkHosts(property: string, hosts: readonly string[]): void;
  /** Refuses a network from which it cannot lead anywhere; changes nothing. */
  checkNetwork(destination: Destination, nodes: Nodes): void;
  /** Opens it. Doing that again changes nothing. */
  open(destination: Destination, nodes: Nodes): void;
}
