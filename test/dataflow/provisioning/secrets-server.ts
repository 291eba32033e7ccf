import { createServer, IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface SecretsRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const NO_VALUE: Answer = {
  status: 400,
  body: { __type: "ResourceNotFoundException", Message: "can't find the specified secret value" },
};

/** As much of AWS Secrets Manager as the deploy calls, without TLS. */
export class SecretsServer {
  public static async start(): Promise<SecretsServer> {
    const secrets = new SecretsServer();
    await new Promise<void>((resolve) => secrets.server.listen(0, "127.0.0.1", resolve));
    return secrets;
  }

  public readonly texts = new Map<string, string>();
  public readonly requests: SecretsRequest[] = [];
  /** In place of what the next calls would give, one each. */
  public readonly answers: Answer[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const asked = { headers: request.headers, body: JSON.parse(text) as Record<string, unknown> };
        this.requests.push(asked);
        const { status, body } = this.answers.shift() ?? this.answer(asked);
        response.writeHead(status, { connection: "close" }).end(JSON.stringify(body));
      });
    });
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ headers, body }: SecretsRequest): Answer {
    const id = String(body.SecretId);
    if (headers["x-amz-target"] === "secretsmanager.PutSecretValue") {
      // As Secrets Manager does with whoever calls without AWS's own client.
      if (typeof body.ClientRequestToken !== "string")
        return { status: 400, body: { __type: "InvalidRequestException" } };
      this.texts.set(id, String(body.SecretString));
      return { status: 200, body: { ARN: id } };
    }
    const text = this.texts.get(id);
    return text === undefined ? NO_VALUE : { status: 200, body: { ARN: id, SecretString: text } };
  }
}
