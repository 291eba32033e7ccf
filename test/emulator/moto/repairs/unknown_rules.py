"""EC2: a rule that is no longer there is called unknown by its id, where it was to be taken away by that.

moto has another error for it. Terraform takes a rule as gone by the first, and fails by the second: where an answer was
lost, and it asks again.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

import functools

from moto.ec2.exceptions import InvalidPermissionNotFoundError, InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models.security_groups import SecurityGroupBackend


def apply() -> None:
    def by_its_id(revoke):
        @functools.wraps(revoke)
        def call(*args, **kwargs):
            try:
                return revoke(*args, **kwargs)
            except InvalidPermissionNotFoundError:
                ids = kwargs.get("security_rule_ids")
                if not ids:
                    raise
                raise InvalidSecurityGroupRuleIdNotFoundError(ids[0]) from None

        return call

    for name in ("revoke_security_group_egress", "revoke_security_group_ingress"):
        setattr(SecurityGroupBackend, name, by_its_id(getattr(SecurityGroupBackend, name)))
