"""S3: CompleteMultipartUpload answers with the element CompleteMultipartUploadResult.

moto names it after the operation's output shape; the AWS SDK for Java (Flink's s3a) then fails with a
NullPointerException, others do not look.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
"""

from moto.s3.responses import S3Response

WRONG, RIGHT = "CompleteMultipartUploadResponse", "CompleteMultipartUploadResult"


def _renamed(body):
    if isinstance(body, bytes):
        return body.replace(WRONG.encode(), RIGHT.encode())
    return body.replace(WRONG, RIGHT) if isinstance(body, str) else body


def apply() -> None:
    given = S3Response.serialized

    def serialized(self, action_result):
        status, headers, body = given(self, action_result)
        if self.data.get("Action") == "CompleteMultipartUpload":
            body = _renamed(body)
        return status, headers, body

    S3Response.serialized = serialized
