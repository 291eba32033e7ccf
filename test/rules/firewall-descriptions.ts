import { each, Rule } from "./rule";

const TYPES = ["aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
/** EC2 API reference, `AuthorizeSecurityGroupIngress`. */
const EC2_DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** Every security group and every rule says what it is for, in characters that EC2 takes. */
export const firewallDescriptions: Rule = {
  name: "firewall-descriptions",
  *problems(stack) {
    for (const [address, { description }] of each(stack, ...TYPES)) {
      // As Terraform reads it.
      const text = ((description as string | undefined) ?? "").replaceAll("$${", "${");
      if (!EC2_DESCRIPTION.test(text)) yield [address, `has a description that EC2 refuses: ${JSON.stringify(text)}`];
    }
  },
};
