"""The AWS emulator: moto with the repairs, on a unix socket, on loopback, or on both.

Writes one line of JSON to standard output when it listens, and ends when its standard input ends, so that it
never outlives who started it.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
import traceback
from urllib.parse import unquote_to_bytes, urlsplit

# Read by moto when it is imported: the policies that AWS manages exist.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

from cheroot import wsgi  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402

import events  # noqa: E402
import failures  # noqa: E402
import repairs  # noqa: E402

THREADS = 48
BACKLOG = 256
IDLE_SECONDS = 300
# cheroot copies all that it has not yet sent with every write to the socket: a large body in one piece would take
# time in proportion to the square of its size.
PIECE_BYTES = 256 * 1024


def in_pieces(body):
    """The same bytes in pieces of bounded size."""
    try:
        for whole in body:
            for start in range(0, len(whole), PIECE_BYTES):
                yield whole[start : start + PIECE_BYTES]
    finally:
        if hasattr(body, "close"):
            body.close()


class Front:
    """What moto expects of the server below it, and a line for each request in the log."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        target = urlsplit(environ["REQUEST_URI"])
        environ["RAW_URI"] = environ["REQUEST_URI"]
        # The server leaves %2F in the path; a key of S3 may hold any character in any spelling.
        environ["PATH_INFO"] = unquote_to_bytes(target.path).decode("latin-1")
        # Chunked bodies end by themselves; without this Flask takes a body without a length for empty.
        environ["wsgi.input_terminated"] = True
        started = time.monotonic()

        def start(status, headers, exc_info=None):
            took = round((time.monotonic() - started) * 1000)
            sys.stderr.write(f"{environ['REQUEST_METHOD']} {environ.get('HTTP_HOST', '')} {environ['RAW_URI']} {status} {took} ms\n")
            return start_response(status, headers, exc_info)

        try:
            return in_pieces(self._application(environ, start))
        except Exception as error:
            traceback.print_exc()
            headers, body = failures.answer(environ, error)
            start("400 Bad Request", [*headers, ("Content-Length", str(len(body)))])
            return [body]


def servers(arguments, application):
    addresses = []
    if arguments.unix:
        addresses.append(arguments.unix)
    if arguments.port is not None:
        addresses.append(("127.0.0.1", arguments.port))
    for address in addresses:
        server = wsgi.Server(
            address, application, numthreads=THREADS, request_queue_size=BACKLOG, timeout=IDLE_SECONDS
        )
        server.shutdown_timeout = 1
        server.prepare()
        yield server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unix", help="path of the unix socket to listen on")
    parser.add_argument("--port", type=int, help="port on 127.0.0.1 to listen on; 0 for any free one")
    arguments = parser.parse_args()
    if not arguments.unix and arguments.port is None:
        parser.error("give --unix, --port or both")

    repairs.apply_all()
    events.start()
    application = Front(DomainDispatcherApplication(create_backend_app))
    listening = list(servers(arguments, application))
    for server in listening:
        threading.Thread(target=server.serve, daemon=True).start()

    def finish(*_):
        if arguments.unix and os.path.exists(arguments.unix):
            os.unlink(arguments.unix)
        os._exit(0)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, finish)
    port = next((s.bind_addr[1] for s in listening if isinstance(s.bind_addr, tuple)), None)
    try:
        print(json.dumps({"unix": arguments.unix, "port": port}), flush=True)
        while sys.stdin.buffer.read(4096):
            pass
    finally:
        # Also when nobody is there any more to read the line: the server's threads would go on without this one.
        finish()


main()
