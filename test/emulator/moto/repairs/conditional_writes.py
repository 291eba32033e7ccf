"""S3: of several conditional writes at once exactly one succeeds.

moto looks whether the condition holds and writes afterwards; another thread's write may come in between, and both
callers are then told that they were the first.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import threading

from moto.s3.responses import S3Response

_one_at_a_time = threading.Lock()


def apply() -> None:
    given = S3Response.put_object

    def put_object(self):
        if not (self.headers.get("If-Match") or self.headers.get("If-None-Match")):
            return given(self)
        with _one_at_a_time:
            return given(self)

    S3Response.put_object = put_object
