"""S3: ListObjectVersions encodes keys where it is asked to, and copies no content to list names.

Terraform asks for keys in URL encoding and decodes what it gets: a key with a plus sign that moto gave as it is was
never deleted, and Terraform emptied the bucket again and again. moto copied the content of all objects for each list.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
"""

from io import BytesIO
from urllib.parse import quote

from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

ENCODED = ("Delimiter", "KeyMarker", "NextKeyMarker", "Prefix")
ENCODED_LISTS = {"CommonPrefixes": "Prefix", "DeleteMarkers": "Key", "Versions": "Key"}


def apply() -> None:
    given = S3Response.list_object_versions

    def list_object_versions(self):
        encoding = self.querystring.get("encoding-type", [None])[0]
        if encoding == "url":
            serialized = self.serialized
            self.serialized = lambda action: serialized(_encoded(action))
        try:
            return given(self)
        finally:
            self.__dict__.pop("serialized", None)

    S3Response.list_object_versions = list_object_versions
    # Nothing but ListObjectVersions copies keys in depth, and it reads no content.
    FakeKey.__deepcopy__ = _without_content


def _encoded(action):
    result = action.result
    for name in ENCODED:
        if result.get(name):
            result[name] = quote(result[name])
    for entries, name in ENCODED_LISTS.items():
        for entry in result.get(entries, ()):
            entry[name] = quote(entry[name])
    result["EncodingType"] = "url"
    return action


def _without_content(self, memo):
    # The entity tag is the one thing that is made out of content when it is asked for.
    self.etag  # noqa: B018
    twin = FakeKey.__new__(FakeKey)
    # A key that ends closes what it holds: the twin holds nothing.
    twin.__dict__.update(self.__dict__, _value_buffer=BytesIO(), multipart=None, disposed=True)
    return twin
