"""EC2: the interfaces of an endpoint have addresses of its subnets and its security groups.

moto gives them any private address and the default group of the VPC, so that nobody could reach them, and shows
endpoints for ever after they were deleted.
https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from moto.ec2.models import EC2Backend


def apply() -> None:
    given = EC2Backend.create_vpc_endpoint
    given_delete = EC2Backend.delete_vpc_endpoints

    def create_vpc_endpoint(self, *args, **kwargs):
        endpoint = given(self, *args, **kwargs)
        if (endpoint.vpc_endpoint_type or "").lower() != "interface":
            return endpoint
        for index, interface_id in enumerate(endpoint.network_interface_ids):
            subnet = self.enis.pop(interface_id).subnet
            interface = self.create_network_interface(
                subnet,
                subnet.get_available_subnet_ip(None),
                group_ids=endpoint.security_group_ids,
                description=f"VPC Endpoint Interface {endpoint.id}",
            )
            interface.requester_managed = True
            interface.status = "in-use"
            endpoint.network_interface_ids[index] = interface.id
        return endpoint

    def delete_vpc_endpoints(self, vpce_ids=None):
        given_delete(self, vpce_ids)
        for vpce_id in vpce_ids or []:
            self.vpc_end_points.pop(vpce_id, None)

    EC2Backend.create_vpc_endpoint = create_vpc_endpoint
    EC2Backend.delete_vpc_endpoints = delete_vpc_endpoints
