"""S3: the conditions of a bucket policy decide whether a statement applies.

moto ignores them, so that the usual "Deny everything that is not TLS" answers 403 to every object call.
Here a statement counts if it has no condition, or only the condition `aws:SecureTransport` and that one holds:
a front that terminates TLS says how the caller came (X-Forwarded-Proto); a caller without such a front counts
as one with TLS. A statement with any other condition is left out: who may do what is judged in front of the
emulator, which sees the caller's role, network and keys; the emulator does not.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""

import json

from flask import has_request_context, request
from moto.s3.models import FakeBucket

_SECURE_TRANSPORT = "aws:securetransport"


def _secure_transport() -> bool:
    scheme = request.headers.get("X-Forwarded-Proto", "https") if has_request_context() else "https"
    return scheme.lower() == "https"


def _applies(statement: dict) -> bool:
    for operator, keys in statement.get("Condition", {}).items():
        for key, expected in keys.items():
            if operator.lower() != "bool" or key.lower() != _SECURE_TRANSPORT:
                return False
            wanted = [str(value).lower() for value in (expected if isinstance(expected, list) else [expected])]
            if str(_secure_transport()).lower() not in wanted:
                return False
    return True


def _decided(policy: dict) -> dict:
    statements = policy.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    applying = [
        {key: value for key, value in statement.items() if key != "Condition"}
        for statement in statements
        if _applies(statement)
    ]
    return {**policy, "Statement": applying}


def apply() -> None:
    from moto.iam.access_control import IAMPolicy, PermissionResult

    def get_permission(self, action, resource):
        if self.policy is None:
            return PermissionResult.NEUTRAL
        policy = _decided(json.loads(self.policy))
        if not policy["Statement"]:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission
