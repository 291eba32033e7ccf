import type { ShellHost } from "../shell-host";

/** A call of a server by HTTPS, from a machine, with a name and a password. */
export interface HttpsCall {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Path on that machine of the PEM of who signed the server's certificate. */
  readonly authorities: string;
  readonly login?: { readonly username: string; readonly password: string };
  readonly body?: string;
}

export interface HttpsAnswer {
  /** 0 where nobody answered. */
  readonly status: number;
  readonly body: string;
}

/** Reads what it asks from standard input: passwords are in no list of processes. */
const PROGRAM = `
import base64, json, ssl, sys, urllib.error, urllib.request
ask = json.load(sys.stdin)
headers = {}
if "login" in ask:
    pair = ask["login"]["username"] + ":" + ask["login"]["password"]
    headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
body = ask["body"].encode() if "body" in ask else None
request = urllib.request.Request(ask["url"], data=body, method=ask["method"], headers=headers)
try:
    tls = ssl.create_default_context(cafile=ask["authorities"])
    with urllib.request.urlopen(request, timeout=60, context=tls) as answer:
        print(json.dumps({"status": answer.status, "body": answer.read().decode()}))
except urllib.error.HTTPError as error:
    print(json.dumps({"status": error.code, "body": error.read().decode(errors="replace")}))
except Exception as error:
    print(json.dumps({"status": 0, "body": str(error)}))
`;

export async function callHttps(from: ShellHost, call: HttpsCall): Promise<HttpsAnswer> {
  const said = await from.run(["python3", "-c", PROGRAM], { input: JSON.stringify(call), timeout: 90_000 });
  return JSON.parse(said) as HttpsAnswer;
}

/** The same, of a call that must succeed. */
export async function mustCallHttps(from: ShellHost, call: HttpsCall): Promise<string> {
  const { status, body } = await callHttps(from, call);
  if (status >= 200 && status <= 299) return body;
  throw new Error(`${new URL(call.url).origin} answered ${status}: ${body.slice(0, 300)}`);
}
