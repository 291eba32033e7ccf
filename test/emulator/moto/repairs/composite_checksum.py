"""S3: HeadObject says of how many pieces a composite checksum is made, as GetObject does: `<checksum>-<pieces>`.

Without it a checksum of checksums looks like one of the whole object.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from moto.s3.responses import S3Response


def apply() -> None:
    given = S3Response.head_object

    def head_object(self, bucket_name, query, key_name, headers):
        status, response_headers, body = given(self, bucket_name, query, key_name, headers)
        if status == 200 and headers.get("x-amz-checksum-mode") == "ENABLED":
            version_id = query.get("versionId", [None])[0]
            key = self.backend.head_object(bucket_name, key_name, version_id=version_id)
            if key and key.checksum_algorithm and key.checksum_type == "COMPOSITE":
                name = f"x-amz-checksum-{key.checksum_algorithm.lower()}"
                response_headers[name] = f"{key.checksum_value}-{key.checksum_parts}"
                response_headers["x-amz-checksum-type"] = key.checksum_type
        return status, response_headers, body

    S3Response.head_object = head_object
