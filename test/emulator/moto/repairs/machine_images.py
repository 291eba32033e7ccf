"""EC2: the official images of Debian 13, as `data.aws_ami` finds them in every region (images.json).

moto has none of them, and its own way to load a list (MOTO_AMIS_PATH) fails in the second region that is asked.
https://wiki.debian.org/Cloud/AmazonEC2Image/Trixie

What is published later is in another file of the same form, whose path is in the environment variable EMULATOR_IMAGES: it
may be written, or written anew, at any time.
"""

import json
import os

from moto.core.parse import default_timestamp_parser
from moto.ec2.models.amis import Ami, AmiBackend

VARIABLE = "EMULATOR_IMAGES"
_FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "images.json")


def _read(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as file:
        images = json.load(file)
    for image in images:
        image["creation_date"] = default_timestamp_parser(image["creation_date"])
    return images


def _published() -> list[dict]:
    path = os.environ.get(VARIABLE)
    return _read(path) if path and os.path.exists(path) else []


def apply() -> None:
    describe_images = AmiBackend.describe_images

    def add(self, images: list[dict]) -> None:
        for image in images:
            if image["ami_id"] not in self.amis:
                self.amis[image["ami_id"]] = Ami(self, **image)

    def load(self) -> None:
        add(self, _read(_FILE))

    def describe(self, *arguments, **named):
        add(self, _published())
        return describe_images(self, *arguments, **named)

    AmiBackend._load_amis = load
    AmiBackend.describe_images = describe
