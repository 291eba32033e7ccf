"""Calls that moto does not know are refused as AWS refuses an unknown action: with a 400 that names it.

moto raises an exception instead, which is a 500: SDKs and Terraform take that for a passing fault and
try again for minutes.
"""

import sys

from flask import Response
from moto.core.utils import convert_to_flask_response


def refusal(error: NotImplementedError) -> Response:
    sentence = f"The emulator does not have this call: {error}"
    sys.stderr.write(sentence + "\n")
    body = (
        "<ErrorResponse><Error><Code>UnsupportedByEmulator</Code>"
        f"<Message>{sentence}</Message></Error><RequestId>emulator</RequestId></ErrorResponse>"
    )
    return Response(body, status=400, content_type="text/xml", headers={"x-amzn-errortype": "UnsupportedByEmulator"})


def apply() -> None:
    given = convert_to_flask_response.__call__

    def call(self, args=None, **kwargs):
        try:
            return given(self, args, **kwargs)
        except NotImplementedError as error:
            return refusal(error)

    convert_to_flask_response.__call__ = call
