"""Route 53: a hosted zone that is created with a VPC is private, with or without the PrivateZone flag.

Terraform sends no flag. Without this, moto makes the zone public, shows no VPC, and every plan differs.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
"""

from moto.route53.responses import Route53


def apply() -> None:
    given = Route53._get_bool_param

    def get_bool_param(self, name, if_none=None):
        if name == "HostedZoneConfig.PrivateZone" and self._get_param("VPC.VPCId"):
            return True
        return given(self, name, if_none)

    Route53._get_bool_param = get_bool_param
