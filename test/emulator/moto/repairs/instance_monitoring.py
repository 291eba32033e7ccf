"""EC2: MonitorInstances and UnmonitorInstances switch detailed monitoring, and DescribeInstances shows it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_MonitorInstances.html
"""

from moto.core.responses import ActionResult
from moto.ec2.responses.monitoring import Monitoring


def _switch(response: Monitoring, settled: str, answered: str) -> ActionResult:
    response.error_on_dryrun()
    monitorings = []
    for instance_id in response._get_param("InstanceIds", []):
        response.ec2_backend.get_instance(instance_id).monitoring_state = settled
        monitorings.append({"InstanceId": instance_id, "Monitoring": {"State": answered}})
    return ActionResult({"InstanceMonitorings": monitorings})


def apply() -> None:
    Monitoring.monitor_instances = lambda self: _switch(self, "enabled", "pending")
    Monitoring.unmonitor_instances = lambda self: _switch(self, "disabled", "disabling")
