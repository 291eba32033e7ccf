"""Questions to whoever plays the instances, over HTTP on a unix socket.

`POST /questions` with `{"question": ..., <what it is about>}` is answered by `{"answer": <any JSON>}`. The socket's path is in
the environment variable EMULATOR_QUESTIONS; without it nobody plays the instances and the given answer holds.
"""

import http.client
import json
import os
import socket

VARIABLE = "EMULATOR_QUESTIONS"
TIMEOUT_SECONDS = 30


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, seconds: int):
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ask(question: str, about: dict, otherwise, seconds: int = TIMEOUT_SECONDS):
    """The answer; `otherwise` if nobody is there to be asked. A failing answerer is an error of the call."""
    path = os.environ.get(VARIABLE)
    if not path:
        return otherwise
    connection = _UnixConnection(path, seconds)
    try:
        body = json.dumps({"question": question, **about})
        connection.request("POST", "/questions", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read().decode()
        if response.status != 200:
            raise RuntimeError(f"the question {question} was answered {response.status}: {text}")
        return json.loads(text)["answer"]
    finally:
        connection.close()
