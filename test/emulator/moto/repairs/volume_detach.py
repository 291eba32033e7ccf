"""EC2: a volume is detached when the instance lets go of it, not when DetachVolume is called.

On AWS the attachment of a volume that the operating system still has mounted stays `busy` (the volume `in-use`)
until it is unmounted, the instance is stopped, or the call says Force. Who plays the instances tells whether
the volume is in use there (questions.py); where nobody plays them, nothing is mounted and a detach ends at once.
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-detaching-volume.html
"""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidVolumeAttachmentError
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
    given_describe = ElasticBlockStore.describe_volumes

    def detach_volume(self):
        backend = self.ec2_backend
        volume = backend.get_volume(self._get_param("VolumeId"))
        attachment = volume.attachment
        # The instance may be left out of the call; moto wants to have it.
        instance_id = self._get_param("InstanceId") or (attachment and attachment.instance.id)
        if attachment is None or attachment.instance.id != instance_id:
            raise InvalidVolumeAttachmentError(volume.id, instance_id or "none")
        self.error_on_dryrun()
        force = str(self._get_param("Force", False)).lower() == "true"
        if not force and _still_in_use(attachment):
            attachment.status = state = WAITING
        else:
            backend.detach_volume(volume.id, instance_id, attachment.device)
            state = "detaching"
        return ActionResult(
            {
                "VolumeId": volume.id,
                "InstanceId": instance_id,
                "Device": attachment.device,
                "State": state,
                "AttachTime": attachment.attach_time,
            }
        )

    def describe_volumes(self):
        _settle(self.ec2_backend, self.region)
        return given_describe(self)

    ElasticBlockStore.detach_volume = detach_volume
    ElasticBlockStore.describe_volumes = describe_volumes
