"""EC2: the official images of Debian 13, as `data.aws_ami` finds them in every region (images.json).

moto has none of them, and its own way to load a list (MOTO_AMIS_PATH) fails in the second region that is asked.
https://wiki.debian.org/Cloud/AmazonEC2Image/Trixie
"""

import copy
import json
import os

from moto.core.parse import default_timestamp_parser
from moto.ec2.models.amis import Ami, AmiBackend

_FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "images.json")


def apply() -> None:
    with open(_FILE, encoding="utf-8") as file:
        images = json.load(file)
    for image in images:
        image["creation_date"] = default_timestamp_parser(image["creation_date"])

    def load(self):
        for image in copy.deepcopy(images):
            self.amis[image["ami_id"]] = Ami(self, **image)

    AmiBackend._load_amis = load
