"""EC2: network interfaces of an endpoint have addresses of their subnets, and the endpoint's security groups.

moto gives them any address below 10.0.0.0/8 and no group, and shows endpoints for ever after they were deleted.
https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from moto.ec2.models import EC2Backend


def apply() -> None:
    given_create = EC2Backend.create_vpc_endpoint
    given_delete = EC2Backend.delete_vpc_endpoints

    def create_vpc_endpoint(self, *args, **kwargs):
        endpoint = given_create(self, *args, **kwargs)
        for index, interface_id in enumerate(endpoint.network_interface_ids or []):
            subnet = self.enis.pop(interface_id).subnet
            interface = self.create_network_interface(
                subnet,
                "",
                group_ids=endpoint.security_group_ids,
                description="VPC Endpoint Interface " + endpoint.id,
            )
            endpoint.network_interface_ids[index] = interface.id
        return endpoint

    def delete_vpc_endpoints(self, vpce_ids=None):
        given_delete(self, vpce_ids)
        for vpce_id in vpce_ids or []:
            self.vpc_end_points.pop(vpce_id, None)

    EC2Backend.create_vpc_endpoint = create_vpc_endpoint
    EC2Backend.delete_vpc_endpoints = delete_vpc_endpoints
