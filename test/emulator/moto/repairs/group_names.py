"""Resource groups: GetGroup takes a group's name or ARN as `Group`, beside the `GroupName` of earlier days; and a group's
ARN names the region that it is in, and not always us-west-1.

Without it nobody finds a group by the parameter that the API's documentation asks for, and policies name none.
https://docs.aws.amazon.com/ARG/latest/APIReference/API_GetGroup.html
"""

from moto.resourcegroups.models import FakeResourceGroup
from moto.resourcegroups.responses import ResourceGroupsResponse


def apply() -> None:
    given = ResourceGroupsResponse._get_param

    def get_param(self, param_name, *args, **kwargs):
        found = given(self, param_name, *args, **kwargs)
        if param_name != "GroupName" or found is not None:
            return found
        named = given(self, "Group")
        return named.rsplit(":group/", 1)[-1] if named else found

    ResourceGroupsResponse._get_param = get_param

    given_init = FakeResourceGroup.__init__

    def init(self, account_id, region_name, *args, **kwargs):
        given_init(self, account_id, region_name, *args, **kwargs)
        self.arn = self.arn.replace(":us-west-1:", f":{region_name}:")

    FakeResourceGroup.__init__ = init
