"""EC2: changes of security-group rules that come at the same time all hold.

moto takes a rule away by writing the whole list anew, without a lock: of two calls at once the second brings back what
the first took away, or drops what it added. Terraform sends ten at once.
"""

import functools
import threading

from moto.ec2.models.security_groups import SecurityGroupBackend

CHANGES = (
    "authorize_security_group_egress",
    "authorize_security_group_ingress",
    "delete_security_group",
    "modify_security_group_rules",
    "revoke_security_group_egress",
    "revoke_security_group_ingress",
)


def apply() -> None:
    lock = threading.RLock()

    def alone(change):
        @functools.wraps(change)
        def call(*args, **kwargs):
            with lock:
                return change(*args, **kwargs)

        return call

    for name in CHANGES:
        setattr(SecurityGroupBackend, name, alone(getattr(SecurityGroupBackend, name)))
