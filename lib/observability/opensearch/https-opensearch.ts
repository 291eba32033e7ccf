import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { Agent, buildConnector, EnvHttpProxyAgent, request, type Dispatcher } from "undici";
import { Sha256 } from "../../core/aws-json-call";
import type { OpenSearch, OpenSearchAnswer, OpenSearchRequest } from "./opensearch";
import { unreachable } from "./unreachable";

export interface HttpsOpenSearchOptions {
  /** Such as `https://search.example.internal:9200`, without a path. */
  readonly url: string;
  readonly login: OpenSearchPerson;
  /** PEM of the authorities that are trusted, and no other; absent: those that Node.js trusts. */
  readonly certificateAuthorities?: string;
  /** Where to connect to in place of the URL's host and port, such as the near end of a tunnel: its name stays the URL's. */
  readonly connectTo?: { readonly host: string; readonly port: number };
  /** Milliseconds without an answer after which a call is given up; default 60,000. */
  readonly timeoutMillis?: number;
}

/** Who calls. */
export type OpenSearchPerson =
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  /** Signature version 4, for Amazon OpenSearch Service. */
  | {
      readonly kind: "iam";
      readonly region: string;
      readonly credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
    };

const DEFAULT_TIMEOUT_MILLIS = 60_000;
/** As which Amazon OpenSearch Service is signed for. */
const SERVICE = "es";

/**
 * OpenSearch over TLS, as a person calls it from a machine of theirs: through the proxy that the environment names
 * (`HTTPS_PROXY`, `NO_PROXY`), or to the near end of a tunnel.
 */
export class HttpsOpenSearch implements OpenSearch {
  private readonly url: URL;
  private readonly dispatcher: Dispatcher;

  public constructor(private readonly options: HttpsOpenSearchOptions) {
    this.url = new URL(options.url);
    this.dispatcher = dispatcherFor(this.url, options);
  }

  public async call({ method, path, body }: OpenSearchRequest): Promise<OpenSearchAnswer> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const target = this.target(path);
    const headers = await this.headersFor(method, target, content);
    try {
      const { statusCode, body: answer } = await request(target, {
        ...{ dispatcher: this.dispatcher, method, headers },
        ...(content === undefined ? {} : { body: content }),
      });
      return { status: statusCode, body: parse(await answer.text()) };
    } catch (failure) {
      throw unreachable(this.url, failure, this.options.connectTo);
    }
  }

  /** Closes its connections: nobody calls it again. */
  public async close(): Promise<void> {
    await this.dispatcher.close();
  }

  /** Sent as it is signed: a signature is over a path in which these are encoded. */
  private target(path: string): URL {
    const target = new URL(path, this.url);
    target.pathname = target.pathname.replaceAll("*", "%2A").replaceAll(",", "%2C");
    return target;
  }

  private async headersFor(method: string, target: URL, content?: string): Promise<Record<string, string>> {
    const { login } = this.options;
    const headers = {
      host: this.url.host,
      ...(content === undefined ? {} : { "content-type": "application/json" }),
    };
    if (login.kind === "basic") {
      const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
      return { ...headers, authorization };
    }
    const { protocol, hostname, port } = this.url;
    const { pathname, searchParams } = target;
    const signer = new SignatureV4({
      ...{ service: SERVICE, region: login.region, credentials: login.credentials, sha256: Sha256 },
    });
    const signed = await signer.sign({
      ...{ method, protocol, hostname, path: pathname, query: Object.fromEntries(searchParams), headers },
      ...(port === "" ? {} : { port: Number(port) }),
      ...(content === undefined ? {} : { body: content }),
    });
    return signed.headers;
  }
}

function dispatcherFor(url: URL, options: HttpsOpenSearchOptions): Dispatcher {
  const { certificateAuthorities: ca, connectTo, timeoutMillis = DEFAULT_TIMEOUT_MILLIS } = options;
  const tls = { ...(ca === undefined ? {} : { ca }), timeout: timeoutMillis };
  const timeouts = { headersTimeout: timeoutMillis, bodyTimeout: timeoutMillis };
  if (connectTo === undefined) return new EnvHttpProxyAgent({ ...timeouts, connect: tls, requestTls: tls });
  const connector = buildConnector(tls);
  const { host, port } = connectTo;
  return new Agent({
    ...timeouts,
    connect: (wanted, callback) =>
      connector(
        { ...wanted, host: `${host}:${port}`, hostname: host, port: String(port), servername: url.hostname },
        callback,
      ),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
