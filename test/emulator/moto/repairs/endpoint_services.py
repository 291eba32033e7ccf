"""EC2: DescribeVpcEndpointServices tells of the services that accounts of the emulator offer.

moto tells of those of AWS too, and for these loads all that it can play, also what needs libraries that are not here.
Nothing of ours asks for one of AWS's.
"""


def apply() -> None:
    from moto.ec2.models.vpcs import VPCBackend

    def none_of_aws(account_id: str, region: str) -> list:
        return []

    VPCBackend._collect_default_endpoint_services = staticmethod(none_of_aws)
