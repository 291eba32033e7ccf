"""EC2: a network interface of its own becomes available again when its instance is terminated.

moto keeps it "in-use" for ever, so that it can neither be deleted nor tell who has it.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
"""

import copy

from moto.ec2.models.instances import Instance


def apply() -> None:
    given = Instance.terminate

    def terminate(self):
        previous_state = given(self)
        for index, interface in list(self.nics.items()):
            if not interface.delete_on_termination:
                last_seen = copy.copy(interface)
                self.detach_eni(interface)
                # DescribeInstances of a terminated instance still reads its first interface.
                self.nics[index] = last_seen
        return previous_state

    Instance.terminate = terminate
