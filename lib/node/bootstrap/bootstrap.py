"""Starts the node's agent.

FROZEN: this program is part of the user data of machines that live for years, and no release may rely on
a change of it. It needs nothing but Python 3.9, tar and gzip. It reads the desired state that this node
applied or, when there is none, the one in the bucket; fetches Node.js and the agent that it names, checks
their SHA-256, and becomes the agent. It retries for ever: a bucket, a permission or a route may come late.
"""
import fcntl
import hashlib
import hmac
import json
import os
import random
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# Seconds, seconds, seconds, bytes.
SOCKET_TIMEOUT, LONGEST_DOWNLOAD, LARGEST_WAIT, LARGEST_STATE = 10, 600, 30, 64 << 20
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # a credential never follows a redirect


def write(path, data):
    with open(path + ".tmp", "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".tmp", path)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


class Bootstrap:
    def __init__(self, prefix="/opt/cdktf-flink", metadata="http://169.254.169.254", origin=None,
                 sleep=time.sleep, execute=os.execve, console="/dev/kmsg"):
        self.prefix, self.metadata, self.sleep, self.execute = prefix, metadata, sleep, execute
        self.console, self.logged, self.asked = console, [], "nothing"
        with open(prefix + "/identity.json") as file:
            self.identity = json.load(file)
        self.origin = origin or "https://{}.s3.%s.%s" % (self.identity["region"], self.identity["dnsSuffix"])

    def log(self, text, after=""):
        """
        To the journal and, but for `after`, to the machine's console: of one that never reports nothing else can be
        read. The kernel keeps few lines for it, so what one of the last ten said with other numbers is not shown anew.
        """
        line = "bootstrap: " + "".join(one if one.isprintable() else " " for one in text)
        print(line + after, flush=True)
        kind = re.sub("[0-9]", "", line)
        if kind not in self.logged:
            self.show(line)
        self.logged = self.logged[-9:] + [kind]

    def show(self, line):
        """
        Makes no file, waits for nobody, and needs no console. An error (3) of a user program (1): a kernel booted with
        "quiet" shows what is below 4 alone. The kernel refuses records of more than about 1000 bytes.
        """
        try:
            mode = os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY
            with open(os.open(self.console, mode), "wb", 0) as file:
                file.write(("<11>flink-" + line).encode()[:800] + b"\n")
        except OSError:
            pass

    def connect(self):
        """Reads the trusted certificates anew: they may come late too."""
        tls = urllib.request.HTTPSHandler(context=ssl.create_default_context())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect, tls)

    def open(self, request):
        self.asked = request.full_url
        return self.opener.open(request, timeout=SOCKET_TIMEOUT)

    def metadata_get(self, path, headers, method="GET"):
        request = urllib.request.Request(self.metadata + path, headers=headers, method=method)
        with self.open(request) as answer:
            return answer.read(65536).decode()

    def credentials(self):
        token = self.metadata_get("/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "300"}, "PUT")
        header, path = {"X-aws-ec2-metadata-token": token}, "/latest/meta-data/iam/security-credentials/"
        role = self.metadata_get(path, header).split()[0]
        return json.loads(self.metadata_get(path + role, header))

    def get(self, bucket, key, start=0):
        """Opens an object from byte `start` on; signed as AWS Signature Version 4 demands."""
        self.connect()
        keys, region = self.credentials(), self.identity["region"]
        origin, path = self.origin.format(bucket), "/" + urllib.parse.quote(key)
        now, empty = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), hashlib.sha256(b"").hexdigest()
        headers = {"host": urllib.parse.urlsplit(origin).netloc, "range": "bytes=%d-" % start,
                   "x-amz-content-sha256": empty, "x-amz-date": now, "x-amz-security-token": keys["Token"]}
        if start == 0:
            del headers["range"]
        names, scope = ";".join(headers), "/".join((now[:8], region, "s3", "aws4_request"))
        lines = "".join("%s:%s\n" % item for item in headers.items())
        canonical = "\n".join(("GET", path, "", lines, names, empty))
        text = "\n".join(("AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()))
        secret = ("AWS4" + keys["SecretAccessKey"]).encode()
        for part in scope.split("/") + [text]:
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
            keys["AccessKeyId"], scope, names, secret.hex())
        return self.open(urllib.request.Request(origin + path, headers=headers))

    def retry(self, act):
        """Does `act` until it succeeds; waits longer each time, never all nodes in step."""
        wait = 1
        while True:
            try:
                done = act()
                if wait > 1:
                    self.log("has all that it needs now")
                return done
            except Exception as error:  # whatever it is, a node that gives up helps nobody
                why = "%s: %s" % (type(error).__name__, error)
                if isinstance(error, urllib.error.HTTPError):
                    body = error.read(1000).decode("utf-8", "replace")
                    # Of S3 without the ids of the request, which are others each time.
                    why += " " + (" ".join(re.findall("<(?:Code|Message)>([^<]+)", body)) or body)
                pause = wait * random.uniform(0.5, 1)
                failed = "%s failed (%s); asked last: %s" % (self.doing, why, self.asked)
                self.log(failed, "; next try in %.1f s" % pause)
                self.sleep(pause)
                wait = min(wait * 2, LARGEST_WAIT)

    def applied_state(self):
        try:
            with open(self.prefix + "/state/desired-state.json", "rb") as file:
                return self.check(file.read())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError) as error:
            self.log("the applied desired state cannot be read (%s): fetching it anew" % error)
            return None

    def fetched_state(self):
        """Leaves what it fetched for the agent: it applies these bytes, not some that came later."""
        key = "desired-state/%s.json" % self.identity["cluster"]
        with self.get(self.identity["bucket"], key) as answer:
            data, version = answer.read(LARGEST_STATE + 1), answer.headers.get("x-amz-version-id") or "null"
        if len(data) > LARGEST_STATE:
            raise ValueError("desired state is larger than %d bytes" % LARGEST_STATE)
        state, about = self.check(data), {"versionId": version, "sha256": hashlib.sha256(data).hexdigest()}
        write(self.prefix + "/state/fetched.json", data)
        write(self.prefix + "/state/fetched.version.json", json.dumps(about).encode())
        return state

    @staticmethod
    def check(data):
        state = json.loads(data)
        for item in (state["nodeJs"], state["agent"]):
            names = (item["name"], item["version"], item["fileName"])
            if any("/" in name or name.startswith(".") for name in names):
                raise ValueError("name or version of a part is no plain name: %s" % (names,))
            if len(item["sha256"]) != 64 or item["sha256"].strip("0123456789abcdef") or not item["key"]:
                raise ValueError("SHA-256 or key of %s %s is wrong" % names[:2])
        return state

    def folder(self, item):
        return "%s/software/%s-%s-%s" % (self.prefix, item["name"], item["version"], item["sha256"][:12])

    def install(self, item):
        """Lays a part out under its final name only when it is whole and its hash is right."""
        folder = self.folder(item)
        if os.path.isdir(folder):
            return
        part, temporary = folder + ".part", folder + ".tmp"
        self.download(item, part)
        shutil.rmtree(temporary, ignore_errors=True)
        os.mkdir(temporary, 0o755)
        if item["kind"] == "file":
            os.rename(part, temporary + "/" + item["fileName"])
        else:
            subprocess.run(["tar", "-xzf", part, "-C", temporary, "--strip-components=1", "--no-same-owner"],
                           check=True, timeout=600)
            os.remove(part)
        os.sync()
        os.rename(temporary, folder)
        self.log("laid out " + folder)

    def download(self, item, path):
        start = os.path.getsize(path) if os.path.exists(path) else 0
        if start > 0 and sha256(path) == item["sha256"]:
            return
        try:
            with self.get(self.identity["softwareBucket"], item["key"], start) as answer:
                with open(path, "ab" if answer.status == 206 else "wb") as file:
                    end = time.monotonic() + LONGEST_DOWNLOAD
                    for block in iter(lambda: answer.read(1 << 20), b""):
                        file.write(block)
                        if time.monotonic() > end:
                            raise TimeoutError("too slow: asking anew for the rest")
                whole = answer.length in (None, 0)
        except urllib.error.HTTPError as error:
            if error.code == 416:
                os.remove(path)
            raise
        if not whole:
            raise ValueError("%s was cut at %d bytes" % (item["name"], os.path.getsize(path)))
        if sha256(path) != item["sha256"]:
            os.remove(path)
            raise ValueError("the SHA-256 of %s is wrong: thrown away" % item["name"])

    def install_agent(self):
        """Begins with the desired state each time: one that names what cannot be had is mended in the bucket."""
        self.doing = "reading the desired state"
        state = self.applied_state() or self.fetched_state()
        for item in (state["nodeJs"], state["agent"]):
            self.doing = "fetching " + item["name"]
            self.install(item)
        return state

    def run(self):
        os.umask(0o022)
        for name in ("state", "software"):
            os.makedirs(self.prefix + "/" + name, exist_ok=True)
        lock = os.open(self.prefix + "/state/agent.lock", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)  # waits: there is never a second agent
        os.set_inheritable(lock, True)  # the agent holds it on
        state = self.retry(self.install_agent)
        environment = dict(os.environ, CDKTF_FLINK_LOCK_FD=str(lock))
        for path in CERTIFICATES:
            if os.path.exists(path):
                environment.setdefault("SSL_CERT_FILE", path)
        node = self.folder(state["nodeJs"]) + "/bin/node"
        agent = self.folder(state["agent"]) + "/" + state["agent"]["fileName"]
        self.execute(node, [node, "--use-system-ca", agent], environment)


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("bootstrap takes no arguments")
    Bootstrap().run()
