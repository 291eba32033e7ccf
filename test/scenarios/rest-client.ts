import { Credentials } from "./credentials";
import { ShellHost } from "./shell-host";

/** Python's standard library is all that a client machine of the lab has; the answer comes back as one JSON line. */
const PROGRAM = `
import json, ssl, sys, urllib.error, urllib.request
ask = json.load(sys.stdin)
tls = ssl.create_default_context(cafile=ask["authority"])
tls.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
tls.load_cert_chain(ask["certificate"], ask["key"])
body = ask["body"].encode() if ask["body"] is not None else None
request = urllib.request.Request(ask["url"], data=body, method=ask["method"], headers={"Content-Type": "application/json"})
try:
    with urllib.request.urlopen(request, timeout=ask["timeout"], context=tls) as answer:
        print(json.dumps({"status": answer.status, "body": answer.read().decode()}))
except urllib.error.HTTPError as error:
    print(json.dumps({"status": error.code, "body": error.read().decode(errors="replace")}))
except Exception as error:
    print(json.dumps({"status": 0, "body": str(error)}))
`;

export class RestError extends Error {
  public constructor(
    public readonly url: string,
    /** 0 where nobody answered. */
    public readonly status: number,
    body: string,
  ) {
    super(`${url} answered ${status}: ${body.slice(0, 300)}`);
  }
}

/** Calls Flink's REST API from a machine inside the network: through the same doors as a user's client. */
export class RestClient {
  public constructor(
    private readonly from: ShellHost,
    private readonly credentials: Credentials,
  ) {}

  /** An answer that is JSON. */
  public async call<T>(method: string, url: string, body?: unknown, timeoutSeconds = 10): Promise<T> {
    const text = await this.text(method, url, body, timeoutSeconds);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** An answer as it comes, such as a log. */
  public async text(method: string, url: string, body?: unknown, timeoutSeconds = 10): Promise<string> {
    const text = body === undefined ? null : JSON.stringify(body);
    const ask = { url, method, body: text, timeout: timeoutSeconds, ...this.credentials };
    const out = await this.from.run(["python3", "-c", PROGRAM], {
      input: JSON.stringify(ask),
      timeout: (timeoutSeconds + 20) * 1000,
    });
    const answer = JSON.parse(out) as { status: number; body: string };
    if (answer.status < 200 || answer.status > 299) throw new RestError(url, answer.status, answer.body);
    return answer.body;
  }
}
