"""Loads a Java agent into a process that runs: attach.py <process id> <jar> <arguments>. What `jcmd` does, which is in no runtime of Java."""

import os
import signal
import socket
import sys
import time

PATIENCE_SECONDS = 240


def attach(pid, jar, arguments):
    # The process looks in its own /tmp, by its own number.
    folder = f"/proc/{pid}/root/tmp"
    request, door = f"{folder}/.attach_pid{pid}", f"{folder}/.java_pid{pid}"
    if not os.path.exists(door):
        open(request, "w").close()
        try:
            os.kill(pid, signal.SIGQUIT)
            wait_for(door)
        finally:
            os.unlink(request)
    with socket.socket(socket.AF_UNIX) as process:
        process.settimeout(PATIENCE_SECONDS)
        process.connect(door)
        words = ["1", "load", "instrument", "false", f"{jar}={arguments}"]
        process.sendall(b"".join(word.encode() + b"\0" for word in words))
        answer = b"".join(iter(lambda: process.recv(4096), b"")).decode()
    # Whether the command was understood, and how it went.
    if answer.split() != ["0", "return", "code:", "0"]:
        sys.exit(f"process {pid} answers {answer!r}")


def wait_for(door):
    end = time.monotonic() + PATIENCE_SECONDS
    while not os.path.exists(door):
        if time.monotonic() > end:
            sys.exit(f"{door} did not come")
        time.sleep(0.05)


attach(int(sys.argv[1]), sys.argv[2], sys.argv[3])
