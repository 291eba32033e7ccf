"""An error of the emulator, in the form that the caller's protocol has for errors.

Status 400, not 500: what the emulator lacks, it lacks the next time too, and SDKs try a 500 again for minutes.
"""

import json
import re
from xml.sax.saxutils import escape

CODE = "EmulatorFailure"
_SERVICE = re.compile(r"Credential=[^/]*/[^/]*/[^/]*/([^/]+)/")


def answer(environ: dict, error: Exception):
    """Headers and body for an exception that a call ended with."""
    known = isinstance(error, NotImplementedError)
    message = f"the emulator does not have this call: {error}" if known else f"the emulator failed: {error!r}"
    if "json" in environ.get("CONTENT_TYPE", ""):
        body = json.dumps({"__type": CODE, "message": message})
        return [("Content-Type", environ["CONTENT_TYPE"]), ("x-amzn-errortype", CODE)], body.encode()
    found = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = found.group(1) if found else "s3"
    details = f"<Code>{CODE}</Code><Message>{escape(message)}</Message>"
    if service == "s3":
        body = f"<Error>{details}<RequestId>emulator</RequestId></Error>"
    elif service == "ec2":
        body = f"<Response><Errors><Error>{details}</Error></Errors><RequestID>emulator</RequestID></Response>"
    else:
        body = f"<ErrorResponse><Error>{details}</Error><RequestId>emulator</RequestId></ErrorResponse>"
    return [("Content-Type", "text/xml")], body.encode()
