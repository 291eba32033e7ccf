/** Which endpoint service of AWS PrivateLink leads to a system, and by what names it is known. */
export interface PrivateLinkEgressOptions {
  /**
   * Name of the endpoint service, as whoever offers it says, such as `com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0`:
   * it must let this account in, and accept the connection, before or after the deploy (which then has to be done again if AWS
   * names the endpoint only after it). One of another region must be offered to this one. AWS's own
   * services need none: the network makes their endpoints by itself. Refused where it is made in a stack that comes after
   * the network's.
   */
  readonly serviceName: string;
  /**
   * Domain of all hosts of the system, such as `orders.eu-west-1.example.com`: in the network, itself and all names in it
   * lead to the endpoint then, so it must hold nothing else that nodes need. Lower-case, two labels or more, at most 200
   * characters. To be given where only Terraform knows a host, and where clients are told further names, as those of
   * brokers. Refused: the domain of the network's own names, names that AWS or the machines themselves answer for, but
   * for whole hosts of Amazon RDS and OpenSearch Service, a domain of a whole country such as `com.au`, and one that holds
   * names of another such system in the same network. Amazon MSK is not reached so, as its brokers share a port.
   *
   * @default - the names of the hosts, each by itself
   */
  readonly domain?: string;
}
