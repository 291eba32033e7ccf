"""EC2: GetConsoleOutput gives what the machine shows on its console.

moto gives the sample of the API reference. Who plays the instances has their consoles (questions.py), of which EC2 gives the
last 64 KB; where nobody plays them, there is the sample.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.responses.general import SAMPLE_CONSOLE_OUTPUT, General
from moto.ec2.utils import Base64EncodedString

import questions


def apply() -> None:
    def get_console_output(self):
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        output = questions.ask("machine-console", {"instanceId": instance.id}, otherwise=SAMPLE_CONSOLE_OUTPUT)
        return ActionResult(
            {
                "InstanceId": instance.id,
                "Timestamp": utcnow(),
                "Output": Base64EncodedString.from_raw_string(output),
            }
        )

    General.get_console_output = get_console_output
