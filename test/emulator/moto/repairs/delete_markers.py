"""S3: a delete marker can be deleted by its version id like any other version.

moto disposes of the content of a version that it removes, and gives markers nothing to dispose of.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManagingDelMarkers.html
"""

from moto.s3.models import FakeDeleteMarker


def apply() -> None:
    if not hasattr(FakeDeleteMarker, "dispose"):
        FakeDeleteMarker.dispose = lambda self, garbage=False: None
