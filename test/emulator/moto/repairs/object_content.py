"""S3: who reads an object gets the bytes that were written, whoever else reads or lists it at that moment.

moto works the digest of an object out when it is first asked for, from the one buffer that readers use too, and without
the lock that readers take: they get other bytes, and the digest may be of other bytes.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
"""

from moto.s3.models import FakeKey


def apply() -> None:
    given = FakeKey.etag.fget

    def etag(self):
        with self.lock:
            return given(self)

    FakeKey.etag = property(etag)
