import { each, Rule } from "./rule";

const TYPES = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
const PEERS = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

/** Every rule opens one TCP port for one peer. Scanners know a few well-known ports and take every other as it is. */
export const firewallPorts: Rule = {
  name: "firewall-ports",
  *problems(stack) {
    for (const [address, block] of each(stack, ...TYPES)) {
      const { ip_protocol, from_port, to_port } = block;
      if (ip_protocol !== "tcp" || typeof from_port !== "number" || from_port !== to_port) {
        yield [address, `opens more than one TCP port: ${ip_protocol} ${from_port} to ${to_port}`];
      }
      if (PEERS.filter((peer) => block[peer] !== undefined).length !== 1) yield [address, "names not exactly one peer"];
    }
  },
};
