"""Application Auto Scaling: what is scaled has tags, which Terraform asks for.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html
"""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse


def _tags(response):
    return response.applicationautoscaling_backend.__dict__.setdefault("tags_of_targets", {})


def apply() -> None:
    register = ApplicationAutoScalingResponse.register_scalable_target

    def register_scalable_target(self):
        answer = register(self)
        given = json.loads(self.body).get("Tags")
        if given is not None:
            _tags(self)[json.loads(answer)["ScalableTargetARN"]] = given
        return answer

    def list_tags_for_resource(self):
        return json.dumps({"Tags": _tags(self).get(json.loads(self.body)["ResourceARN"], {})})

    ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
    ApplicationAutoScalingResponse.list_tags_for_resource = list_tags_for_resource
