"""Calls AWS as a job can: with the credentials that its environment leads to, and nothing but Python's own library.
With `"credentials": "machine"` as root can: with those of the machine's own role. With `"keys"` with those that are given.

Reads the call as JSON from standard input and prints what AWS answered, or why it could not be asked.
"""
import datetime
import hashlib
import hmac
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

SECONDS = 6
METADATA = "http://169.254.169.254/latest/"
# So that the log of who may do what tells attempts from work.
USER_AGENT = "forbidden-attempt"


def machine_credentials():
    def ask(path, method="GET", **headers):
        request = urllib.request.Request(METADATA + path, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.read().decode()

    token = {"X-aws-ec2-metadata-token": ask("api/token", "PUT", **{"X-aws-ec2-metadata-token-ttl-seconds": "60"})}
    roles = "meta-data/iam/security-credentials/"
    return json.loads(ask(roles + ask(roles, **token).split()[0], **token))


def job_credentials():
    with open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]) as file:
        headers = {"Authorization": file.read()}
    request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers=headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)


def signed(call, keys):
    """The request with a signature as AWS Signature Version 4 demands it."""
    body = call.get("body", "").encode()
    digest = hashlib.sha256(body).hexdigest()
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {name.lower(): value for name, value in call.get("headers", {}).items()}
    # urllib would call it a form, which the emulator takes apart and stores as nothing.
    headers.setdefault("content-type", "application/octet-stream")
    headers.update({"host": call["host"], "x-amz-content-sha256": digest, "x-amz-date": now,
                    "x-amz-security-token": keys["Token"]})
    path = urllib.parse.quote(call["path"], safe="/-_.~")
    query = urllib.parse.urlencode(sorted(call.get("query", {}).items()), quote_via=urllib.parse.quote, safe="-_.~")
    names = ";".join(sorted(headers))
    lines = "".join("%s:%s\n" % (name, headers[name]) for name in sorted(headers))
    canonical = "\n".join((call["method"], path, query, lines, names, digest))
    scope = "/".join((now[:8], call["region"], call["service"], "aws4_request"))
    text = "\n".join(("AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    secret = ("AWS4" + keys["SecretAccessKey"]).encode()
    for part in scope.split("/") + [text]:
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
        keys["AccessKeyId"], scope, names, secret.hex())
    url = "%s://%s%s%s" % (call.get("scheme", "https"), call["host"], path, "?" + query if query else "")
    headers["user-agent"] = USER_AGENT
    return urllib.request.Request(url, data=body or None, headers=headers, method=call["method"])


def main():
    call = json.load(sys.stdin)
    if "keys" in call:
        keys = call["keys"]
    else:
        keys = machine_credentials() if call.get("credentials") == "machine" else job_credentials()
    try:
        with urllib.request.urlopen(signed(call, keys), timeout=SECONDS) as answer:
            print(answer.status, answer.read(2000).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        print(error.code, error.read(2000).decode("utf-8", "replace"))
    except OSError as error:
        print("no answer:", getattr(error, "reason", error))


main()
