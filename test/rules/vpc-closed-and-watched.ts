import { each, referringTo, Rule } from "./rule";

/** Every VPC has its default security group emptied, and its traffic logged, all of it. */
export const vpcClosedAndWatched: Rule = {
  name: "vpc-closed-and-watched",
  *problems(stack) {
    for (const [address] of each(stack, "aws_vpc")) {
      if (referringTo(stack, "aws_default_security_group", "vpc_id", address).length !== 1) {
        yield [address, "has a default security group that is open"];
      }
      const logs = referringTo(stack, "aws_flow_log", "vpc_id", address);
      if (!logs.some(({ traffic_type }) => traffic_type === "ALL")) yield [address, "has no log of all traffic"];
    }
    for (const type of ["aws_default_vpc", "aws_default_subnet"]) {
      for (const [address] of each(stack, type)) yield [address, "is open to the internet by design"];
    }
  },
};
