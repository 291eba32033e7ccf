/** Where an HTTP proxy is that tunnels to systems (HTTP CONNECT). */
export interface ProxyEgressOptions {
  /** Name or IPv4 address of its host, as the nodes find it, such as `proxy.example.internal`. */
  readonly host: string;
  /** TCP port, 1 to 65535, such as 3128. */
  readonly port: number;
  /**
   * Security group of the proxy, in the network of the Flink cluster or one of the same region that is peered with it. It is
   * opened to the nodes of each Flink cluster that uses it, at its port; nothing else of it is changed. To which systems
   * the proxy leads is its own to say: let it know those that jobs use, and no others.
   */
  readonly securityGroupId: string;
}
