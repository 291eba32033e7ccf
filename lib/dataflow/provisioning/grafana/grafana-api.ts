import { isOfCertificate } from "../../../node/log-exporter/connection-problem";
import type { HttpsAnswer, HttpsCall, HttpsClient } from "../../../node/log-exporter/https-client";
import { Patience, withPatience } from "../function/patience";
import { NOT_REACHED, ProvisioningProblem } from "../function/problem";

export interface GrafanaCall extends Pick<HttpsCall, "method"> {
  /** Below `/api`, without what a path would have to escape. */
  readonly path: string;
  readonly body?: object;
}

export interface GrafanaAnswer {
  readonly status: number;
  /** Empty where it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What it says to people. */
  readonly words: string;
}

/** Who calls, by a secret: for sentences, its ARN. */
export interface GrafanaToken {
  readonly token: string;
  readonly secretArn: string;
}

/** Of one that is started, is busy, or stands behind something that is. */
const PASSING = [429, 500, 502, 503, 504];
const LONGEST_WORDS = 500;

/** Grafana's HTTP API, as a service account. */
export class GrafanaApi {
  public constructor(
    private readonly client: Pick<HttpsClient, "call">,
    private readonly login: GrafanaToken,
    private readonly patience: Patience,
  ) {}

  /**
   * What is answered. `what` begins the sentence of a refusal.
   *
   * @param expected statuses that are no refusal here, beside those of success
   */
  public ask(what: string, call: GrafanaCall, expected: readonly number[] = []): Promise<GrafanaAnswer> {
    const codes = [NOT_REACHED, ...PASSING.map(String)];
    const isPassing = (failure: unknown) => codes.includes((failure as Partial<ProvisioningProblem>).code ?? "");
    return withPatience(this.patience, isPassing, () => this.send(what, call, expected));
  }

  /** What the deploy is told where Grafana did not do it. */
  public refusal(what: string, { status, words }: GrafanaAnswer): ProvisioningProblem {
    const { secretArn } = this.login;
    const remedy: Readonly<Record<number, string>> = {
      401: `: make a new token of its service account, and put it into ${secretArn}`,
      403: `: give the role Editor to the service account whose token is in ${secretArn}`,
    };
    return new ProvisioningProblem(`${what}: Grafana says "${words}"${remedy[status] ?? ""}`, String(status));
  }

  private async send(what: string, call: GrafanaCall, expected: readonly number[]): Promise<GrafanaAnswer> {
    const { status, body: text } = await this.exchange(call);
    const body = parseObject(text);
    const answer = { status, body, words: wordsOf(body, text) || `HTTP ${status}` };
    if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
    throw this.refusal(what, answer);
  }

  private async exchange({ method, path, body }: GrafanaCall): Promise<HttpsAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.login.token}`,
      accept: "application/json",
      ...(text === undefined ? {} : { "content-type": "application/json" }),
    };
    // Each call ends by the client's own time.
    const { signal } = new AbortController();
    return this.client.call({ method, path: `/api${path}`, headers, body: text }, signal).catch((failure: Error) => {
      // That a certificate is not trusted does not pass.
      const code = isOfCertificate(failure.cause ?? failure) ? undefined : NOT_REACHED;
      throw new ProvisioningProblem(`Grafana is not reached: ${failure.message}`, code);
    });
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function wordsOf({ message }: GrafanaAnswer["body"], text: string): string {
  const words = typeof message === "string" && message !== "" ? message : text;
  return words.replace(/\s+/g, " ").trim().slice(0, LONGEST_WORDS);
}
