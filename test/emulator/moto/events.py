"""A line of JSON for every call that changed something, after it did and before the caller has the answer.

Where the lines go is in the environment variable EMULATOR_EVENTS: a listening unix socket, a named pipe or a file.
A line: {"time", "service", "region", "action", "parameters", "ids"}; `parameters` as in the API reference (without
what is large), `ids` every resource id in the parameters and then in the answer, each once.
"""

import datetime
import json
import os
import re
import socket
import stat
import sys
import threading

from moto.core.responses import BaseResponse

VARIABLE = "EMULATOR_EVENTS"
SERVICES = frozenset({"ec2", "route53"})
READING = ("Describe", "Get", "List", "Search")
LARGE = frozenset({"UserData"})
EC2_ID = re.compile(r"\b[a-z]+-[0-9a-f]{8,17}\b")
ROUTE53_ID = re.compile(r"/(?:hostedzone|change)/([A-Z0-9]+)")


class _Sink:
    def __init__(self, path: str):
        self._lock = threading.Lock()
        if stat.S_ISSOCK(os.stat(path).st_mode) if os.path.exists(path) else False:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(path)
            self._write = self._socket.sendall
        else:
            file = open(path, "ab", buffering=0)
            self._write = file.write

    def write(self, line: bytes) -> None:
        with self._lock:
            self._write(line)


_sink = None


def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _ids(service: str, *texts: str) -> list:
    pattern = ROUTE53_ID if service == "route53" else EC2_ID
    return list(dict.fromkeys(found for text in texts for found in pattern.findall(text)))


def publish(service: str, region: str, action: str, parameters: dict, ids: list) -> None:
    if _sink is None:
        return
    event = {
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds"),
        "service": service,
        "region": region,
        "action": action,
        "parameters": parameters,
        "ids": ids,
    }
    try:
        _sink.write(json.dumps(event, default=_text).encode() + b"\n")
    except OSError as error:
        sys.stderr.write(f"event lost, nobody reads {os.environ[VARIABLE]}: {error}: {event}\n")


def _publish_call(response: BaseResponse, action: str, body) -> None:
    parameters = {key: value for key, value in response._get_params().items() if key not in LARGE}
    path = response.raw_path if response.service_name == "route53" else ""
    given = json.dumps(parameters, default=_text)
    ids = _ids(response.service_name, path, given, _text(body))
    publish(response.service_name, response.region, action, parameters, ids)


def start() -> None:
    """Publishes from now on, if somebody asked for it."""
    global _sink
    path = os.environ.get(VARIABLE)
    if not path:
        return
    _sink = _Sink(path)
    given = BaseResponse.call_action

    def call_action(self):
        status, headers, body = given(self)
        if self.service_name in SERVICES and status < 300:
            action = self._get_action()
            if action and not action.startswith(READING):
                _publish_call(self, action, body)
        return status, headers, body

    BaseResponse.call_action = call_action
