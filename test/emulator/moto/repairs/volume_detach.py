"""EC2: a volume is detached when the instance lets go of it, not when DetachVolume is called.

On AWS the attachment of a volume that the operating system still has mounted stays `busy` (the volume `in-use`)
until it is unmounted, the instance is stopped, or the call says Force. Who plays the instances tells whether
the volume is in use there (questions.py); where nobody plays them, nothing is mounted and a detach ends at once.
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-detaching-volume.html
"""

from moto.core.responses import ActionResult
from moto.ec2.responses.elastic_block_store import ElasticBlockStore

import events
import questions

WAITING = "busy"


def _still_in_use(attachment) -> bool:
    return questions.ask(
        "volume-in-use", {"volumeId": attachment.volume.id, "instanceId": attachment.instance.id}, otherwise=False
    )


def _finish(backend, region: str, attachment) -> None:
    if attachment.volume.attachment is not attachment:
        return
    backend.detach_volume(attachment.volume.id, attachment.instance.id, attachment.device)
    ids = [attachment.volume.id, attachment.instance.id]
    events.publish("ec2", region, "DetachVolumeCompleted", {"Device": attachment.device}, ids)


def _settle(backend, region: str) -> None:
    for volume in list(backend.volumes.values()):
        attachment = volume.attachment
        if attachment and attachment.status == WAITING and not _still_in_use(attachment):
            _finish(backend, region, attachment)


def apply() -> None:
    given_detach = ElasticBlockStore.detach_volume
    given_describe = ElasticBlockStore.describe_volumes

    def detach_volume(self):
        backend = self.ec2_backend
        volume = backend.get_volume(self._get_param("VolumeId"))
        attachment = volume.attachment
        force = str(self._get_param("Force", False)).lower() == "true"
        if attachment is None or force or not _still_in_use(attachment):
            return given_detach(self)
        self.error_on_dryrun()
        attachment.status = WAITING
        return ActionResult(
            {
                "VolumeId": volume.id,
                "InstanceId": attachment.instance.id,
                "Device": attachment.device,
                "State": WAITING,
                "AttachTime": attachment.attach_time,
            }
        )

    def describe_volumes(self):
        _settle(self.ec2_backend, self.region)
        return given_describe(self)

    ElasticBlockStore.detach_volume = detach_volume
    ElasticBlockStore.describe_volumes = describe_volumes
