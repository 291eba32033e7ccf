"""Runs the bootstrap with stand-ins for the outer world, given on the command line, and prints what it would become.

With `become` as the last argument it becomes that."""
import importlib.util
import json
import os
import sys

source, prefix, server = sys.argv[1:4]
spec = importlib.util.spec_from_file_location("bootstrap", source)
bootstrap = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(bootstrap)


def execute(program, arguments, environment):
    names = ("CDKTF_FLINK_LOCK_FD",)
    print("EXECUTE " + json.dumps({"program": program, "arguments": arguments,
                                   "environment": {name: environment.get(name) for name in names}}))


pauses = []
become = os.execve if sys.argv[4:] == ["become"] else execute
bootstrap.Bootstrap(prefix, server, server + "/{}", pauses.append, become, prefix + "/kmsg").run()
print("PAUSES " + json.dumps(pauses))
