import { ShellHost } from "../shell-host";

/** As whom a connection is tried; without a `pair`, with no certificate. */
export interface Caller {
  readonly name: string;
  /** Private key and certificate, PEM. */
  readonly pair?: string;
  /** By default whatever both sides know. */
  readonly version?: "TLSv1.2" | "TLSv1.3";
  /** By OpenSSL's name; for TLS 1.2. */
  readonly cipher?: string;
}

export interface ProbePlan {
  readonly host: string;
  readonly ports: readonly number[];
  readonly callers: readonly Caller[];
  /** What the callee's certificate must be signed by, PEM. */
  readonly authority: string;
  /** How long an answer is waited for. Default: far beyond what any takes, as a slow one is no refusal. */
  readonly answerSeconds?: number;
}

/**
 * What became of one connection: `accepted`: the callee ended the handshake, with a certificate of the authority;
 * `turned away`: it ended the connection; `closed`: nobody listens; `swallowed`: something on the way did.
 */
export interface TlsAnswer {
  readonly port: number;
  readonly caller: string;
  readonly outcome: "accepted" | "turned away" | "closed" | "swallowed";
  /** Version and cipher, or the reason that was given. */
  readonly detail: string;
}

/** Whether it was the callee that ended the handshake: by an alert, or by closing the connection. */
export function isTurnedAwayByCallee({ outcome, detail }: TlsAnswer): boolean {
  return outcome === "turned away" && CALLEES_REASONS.test(detail);
}

const CALLEES_REASONS = /_ALERT_|EOF|^Connection(Reset|Aborted)Error$|^BrokenPipeError$|^closed after the handshake$/;

/** What a port answers to a question in plain HTTP: the first line, or "" where it answers nothing that is text. */
export interface PlainAnswer {
  readonly port: number;
  readonly outcome: "text" | "nothing" | "closed" | "swallowed";
  readonly detail: string;
}

export interface ProbeAnswers {
  readonly tls: readonly TlsAnswer[];
  readonly plain: readonly PlainAnswer[];
}

/** The kernel takes a connection, however busy its program is. */
const CONNECT_SECONDS = 3;
const ANSWER_SECONDS = 30;

/**
 * Python's standard library is all that every machine has. Ports at once, callers of one port one after the other, as
 * ZooKeeper takes votes from one caller at a time. With TLS 1.3 a caller is refused after it believes to be accepted:
 * so one byte is waited for.
 */
const PROGRAM = `
import concurrent.futures, json, socket, ssl, sys, tempfile

plan = json.load(sys.stdin)

def context_of(caller):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    context.load_verify_locations(cadata=plan["authority"])
    if "pair" in caller:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(caller["pair"])
            file.flush()
            context.load_cert_chain(file.name)
    if "version" in caller:
        version = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}[caller["version"]]
        context.minimum_version = context.maximum_version = version
    if "cipher" in caller:
        context.set_ciphers(caller["cipher"])
    return context

# What a caller's own side refuses fails the whole, and is no answer of a port.
contexts = {caller["name"]: context_of(caller) for caller in plan["callers"]}

def connect(port):
    connection = socket.create_connection((plan["host"], port), ${CONNECT_SECONDS})
    connection.settimeout(plan["answerSeconds"])
    return connection

def reason(error):
    return getattr(error, "reason", None) or type(error).__name__

def probe_tls(port, caller):
    connection = connect(port)
    with connection:
        try:
            tls = contexts[caller["name"]].wrap_socket(connection)
            if tls.version() == "TLSv1.3":
                try:
                    if tls.recv(1) == b"":
                        return ["turned away", "closed after the handshake"]
                except TimeoutError:
                    pass
            return ["accepted", tls.version() + " " + tls.cipher()[0]]
        except ssl.SSLCertVerificationError as error:
            raise SystemExit(f"port {port} shows a certificate of another authority: {error}")
        except TimeoutError:
            return ["swallowed", "no answer within the handshake"]
        except (ssl.SSLError, OSError) as error:
            return ["turned away", reason(error)]

def probe_plain(port):
    connection = connect(port)
    with connection:
        try:
            connection.sendall(b"GET / HTTP/1.1\\r\\nHost: node\\r\\nConnection: close\\r\\n\\r\\n")
            answer = connection.recv(200)
        except TimeoutError:
            return ["nothing", "no answer"]
        except OSError as error:
            return ["nothing", reason(error)]
    # An alert of TLS is a refusal, and no text.
    if answer == b"" or answer[:2] == b"\\x15\\x03":
        return ["nothing", "alert" if answer else "closed"]
    return ["text", answer.split(b"\\r\\n")[0].decode("latin1")]

def unreachable(port):
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return ["closed", ""]
    except TimeoutError:
        return ["swallowed", ""]

def probe_port(port):
    # Who does not come as far as to show a certificate is told the same whichever it is.
    nowhere = unreachable(port)
    tls = [dict(port=port, caller=one["name"], answer=list(nowhere or probe_tls(port, one))) for one in plan["callers"]]
    return tls, dict(port=port, answer=nowhere or probe_plain(port))

def told(row):
    outcome, detail = row.pop("answer")
    return dict(row, outcome=outcome, detail=detail)

with concurrent.futures.ThreadPoolExecutor(max(1, len(plan["ports"]))) as pool:
    answers = list(pool.map(probe_port, plan["ports"]))
print(json.dumps(dict(tls=[told(row) for rows, _ in answers for row in rows], plain=[told(row) for _, row in answers])))
`;

/** Tries every port of a host as each of the callers, and in plain text. Keys go there and do not stay. */
export async function probeTls(from: ShellHost, plan: ProbePlan): Promise<ProbeAnswers> {
  const input = JSON.stringify({ answerSeconds: ANSWER_SECONDS, ...plan });
  const out = await from.run(["python3", "-c", PROGRAM], { input, timeout: 600_000 });
  return JSON.parse(out) as ProbeAnswers;
}
