"""Adds and takes away security-group rules from many threads at once; prints how many were lost and how many came back."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import repairs

GROUPS = 60
RULES = 24
THREADS = 10


def main() -> None:
    repairs.apply_all()
    # Imported after the repairs, as the server does.
    from moto.ec2.models import ec2_backends

    # Threads take turns as often as Python can: what goes wrong rarely on a server goes wrong here.
    sys.setswitchinterval(1e-6)
    backend = ec2_backends["123456789012"]["eu-west-1"]
    vpc = backend.create_vpc("10.0.0.0/16")
    lost = came_back = 0
    with ThreadPoolExecutor(THREADS) as threads:
        for number in range(GROUPS):
            group = backend.create_security_group(f"group-{number}", "rules", vpc_id=vpc.id)

            def authorize(port: int) -> str:
                addresses = [{"CidrIp": "10.1.0.0/16"}]
                rules, _ = backend.authorize_security_group_ingress(group.id, "tcp", port, port, addresses)
                return rules[0].id

            def revoke(rule_id: str) -> None:
                backend.revoke_security_group_ingress(group.id, None, None, None, [], security_rule_ids=[rule_id])

            ids = list(threads.map(authorize, range(1000, 1000 + RULES)))
            lost += RULES - len(group.ingress_rules)
            list(threads.map(revoke, ids))
            came_back += len(group.ingress_rules)
    print(json.dumps({"lost": lost, "cameBack": came_back}))


main()
