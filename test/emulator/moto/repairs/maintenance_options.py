"""EC2: instances have maintenance options (automatic recovery), set by RunInstances or changed later.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMaintenanceOptions.html
"""

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse

OPTIONS = {"AutoRecovery": "default", "RebootMigration": "default"}


def _set(response: InstanceResponse, instance: Instance, prefix: str) -> None:
    given = {option: response._get_param(prefix + option) for option in OPTIONS}
    instance.maintenance_options = {
        **instance.maintenance_options,
        **{option: value for option, value in given.items() if value},
    }


def apply() -> None:
    given_run = InstanceResponse.run_instances

    def run_instances(self):
        answer = given_run(self)
        for instance in answer.result.instances:
            _set(self, instance, "MaintenanceOptions.")
        return answer

    def modify_instance_maintenance_options(self):
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        self.error_on_dryrun()
        _set(self, instance, "")
        return ActionResult({"InstanceId": instance.id, **instance.maintenance_options})

    Instance.maintenance_options = OPTIONS
    InstanceResponse.run_instances = run_instances
    InstanceResponse.modify_instance_maintenance_options = modify_instance_maintenance_options
