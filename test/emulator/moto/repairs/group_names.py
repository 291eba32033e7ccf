"""Resource groups: GetGroup takes a group's name or ARN as `Group`, beside the `GroupName` of earlier days.

Without it nobody finds a group by the parameter that the API's documentation asks for.
https://docs.aws.amazon.com/ARG/latest/APIReference/API_GetGroup.html
"""

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
