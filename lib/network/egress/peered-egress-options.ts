/** Where machines of a system are in another network, and what leads there. */
export interface PeeredEgressOptions {
  /**
   * Blocks of private IPv4 addresses of the system's machines, such as `["10.20.0.0/24"]`: 1 to 16, each within 10.0.0.0/8,
   * 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, of size /16 to /32, written from its first address. Nodes may call the
   * system's ports at all addresses in them, so name its subnets and not the whole of its network. Refused: public
   * addresses, blocks of which one holds another, what overlaps the addresses of the Flink cluster's own network, and more than 40 blocks
   * times ports of the system, as each pair is a rule of the nodes' security group, which takes 60 with all others.
   */
  readonly cidrs: string[];
  /**
   * The peering connection between the Flink cluster's network and that of the system, such as `pcx-0123456789abcdef0`. Each
   * route table of a `FlinkNetwork` then gets a route to each block. Of the connection itself, and of routes on its other
   * side, nothing is changed. Refused beside `transitGatewayId`, for an existing network, whose routes are its owner's, and where
   * it is made in a stack that comes after the network's: make it in the network's stack.
   *
   * @default - none: the routes are there already, or you make them (`routeTableIds` of a `FlinkNetwork`)
   */
  readonly vpcPeeringConnectionId?: string;
  /**
   * The transit gateway that leads to the system, such as `tgw-0123456789abcdef0`, to which the Flink cluster's network must
   * be attached. Where the attachment is in the same program, give its own attribute (`attachment.transitGatewayId`), so that
   * it comes first. Routes and refusals are as with `vpcPeeringConnectionId`.
   *
   * @default - none
   */
  readonly transitGatewayId?: string;
}
