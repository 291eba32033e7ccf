"""EC2: RunInstances keeps DisableApiTermination, so that TerminateInstances is refused until it is switched off.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
"""

from moto.ec2.responses.instances import InstanceResponse


def apply() -> None:
    given = InstanceResponse.run_instances

    def run_instances(self):
        answer = given(self)
        for instance in answer.result.instances:
            instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
        return answer

    InstanceResponse.run_instances = run_instances
