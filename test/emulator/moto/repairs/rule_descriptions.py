"""EC2: every security-group rule keeps its description, whatever it names: addresses, a group or a prefix list.

moto keeps only those of address rules, so that every plan wants to write the others again.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule


def _names_addresses(rule) -> bool:
    return "CidrIp" in rule.ip_range or "CidrIpv6" in rule.ip_range


def apply() -> None:
    given_init = SecurityGroupRule.__init__
    given_modify = SecurityGroupBackend.modify_security_group_rules

    def init(self, *args, **kwargs):
        given_init(self, *args, **kwargs)
        # Positions 6 to 8 of moto's own constructor: addresses, group, prefix list.
        named = [*args[5:8], *(kwargs.get(key) for key in ("ip_range", "source_group", "prefix_list_id"))]
        self.kept_description = next((item["Description"] for item in named if item and "Description" in item), None)

    def modify_security_group_rules(self, group_id, rules):
        given_modify(self, group_id, rules)
        group = self.get_security_group_by_name_or_id(group_id)
        for rule_id, changed in rules.items():
            rule = group.get_rule(rule_id)
            if changed.get("Description") is not None:
                rule.kept_description = changed["Description"]
            if not _names_addresses(rule):
                # moto writes every description there; DescribeSecurityGroups would show an address range without one.
                rule.ip_range = {}
                if rule.source_group:
                    rule.source_group["Description"] = rule.kept_description

    SecurityGroupRule.__init__ = init
    SecurityGroupRule.description = property(lambda self: self.kept_description)
    SecurityGroupBackend.modify_security_group_rules = modify_security_group_rules
