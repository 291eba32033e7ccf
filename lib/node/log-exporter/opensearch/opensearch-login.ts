import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { Sha256 } from "../../../core/aws-json-call";
import { readIfThere } from "../../agent/files";
import type { HttpsRequest } from "../https-client";
import { NotDelivered } from "../not-delivered";

/** As whom requests are made. */
export interface OpenSearchLogin {
  /** Adds to the headers of a request who makes it. */
  headers(request: HttpsRequest): Promise<Readonly<Record<string, string>>>;
  /** Who that is, for sentences. */
  readonly who: string;
}

/** Name and password of a secret, which the agent keeps in a file. */
export class BasicLogin implements OpenSearchLogin {
  public readonly who: string;

  public constructor(
    private readonly file: string,
    private readonly secretArn: string,
  ) {
    this.who = `the user of secret ${secretArn}`;
  }

  /** Reads it each time: it may be another one by now. */
  public async headers({ headers }: HttpsRequest): Promise<Readonly<Record<string, string>>> {
    const { username, password } = parseLogin((await readIfThere(this.file))?.toString() ?? "");
    if (username === undefined || password === undefined) {
      throw new NotDelivered(`the login of secret ${this.secretArn} is not there yet`);
    }
    return { ...headers, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  }
}

/** The logs role, by signatures. */
export class SignedLogin implements OpenSearchLogin {
  public readonly who = "the logs role";
  private readonly signer: SignatureV4;

  public constructor(
    private readonly url: URL,
    region: string,
    credentials: Provider<AwsCredentialIdentity>,
  ) {
    this.signer = new SignatureV4({ service: "es", region, credentials, sha256: Sha256 });
  }

  public async headers({ path, headers, body }: HttpsRequest): Promise<Readonly<Record<string, string>>> {
    const { protocol, hostname, host, pathname, searchParams } = new URL(path, this.url);
    const signed = await this.signer.sign({
      ...{ method: "POST", protocol, hostname, path: pathname, body },
      query: Object.fromEntries(searchParams),
      headers: { ...headers, host },
    });
    return signed.headers;
  }
}

function parseLogin(text: string): { readonly username?: string; readonly password?: string } {
  try {
    const found = JSON.parse(text) as { username?: unknown; password?: unknown };
    const { username, password } = found;
    return typeof username === "string" && typeof password === "string" ? { username, password } : {};
  } catch {
    return {};
  }
}
