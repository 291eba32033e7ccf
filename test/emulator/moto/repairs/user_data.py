"""EC2: ModifyInstanceAttribute takes user data of any bytes, compressed ones too.

The parameter is a blob, so it arrives decoded; moto decodes it once more and answers
InvalidUserData.Malformed for anything that is not Base64 of Base64.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
"""

import base64

from moto.core.types import Base64EncodedString
from moto.ec2.responses import instances


def apply() -> None:
    given = instances.parse_user_data

    def parse_user_data(value):
        if isinstance(value, bytes):
            return Base64EncodedString(base64.b64encode(value).decode())
        return given(value)

    instances.parse_user_data = parse_user_data
