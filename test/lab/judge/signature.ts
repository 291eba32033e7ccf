import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac, Hash, Hmac } from "crypto";
import { ApiCall } from "../fabric/api-call";
import { IssuedKey } from "./principals";
import { header, queryOf } from "./question";

/** SHA-256 as the signer wants it. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  public constructor(secret?: unknown) {
    this.hash = secret ? createHmac("sha256", secret as Buffer) : createHash("sha256");
  }

  public update(data: unknown): void {
    this.hash.update(data as Buffer);
  }

  public async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  public reset(): void {
    throw new Error("the signer makes a new one each time");
  }
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Why a signature is not the one that the key's holder makes of this call; undefined where it is. */
export async function signatureProblem(call: ApiCall, key: IssuedKey): Promise<string | undefined> {
  const match = AUTHORIZATION.exec(header(call, "authorization") ?? "");
  if (!match) return "the call is signed in no way that is known here (a header of Signature Version 4)";
  const [, region, service, signedHeaders, signature] = match;
  const names = signedHeaders.split(";");
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(header(call, "x-amz-date") ?? "");
  if (!date) return "the call has no x-amz-date";
  if (!names.includes("host")) return "the signature does not cover the host";
  const [, year, month, day, hour, minute, second] = date.map(Number);
  const signer = new SignatureV4({
    ...{ region, service, sha256: Sha256, applyChecksum: false },
    // All services but S3 have a path encoded once more (IAM User Guide, "Create a signed AWS API request").
    uriEscapePath: service !== "s3",
    credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey },
  });
  const digest = bodyDigest(call);
  if (header(call, "x-amz-security-token") !== key.sessionToken) return "the session token is not that of the key";
  const headers = Object.fromEntries(names.map((name) => [name, header(call, name) ?? ""]));
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(queryOf(call).keys())) query[name] = queryOf(call).getAll(name);
  const signed = await signer.sign(
    {
      ...{ method: call.method, protocol: "https:", hostname: call.host, path: canonicalPath(call), query },
      headers: digest === undefined ? headers : { ...headers, "x-amz-content-sha256": digest },
    },
    {
      signingDate: new Date(Date.UTC(year, month - 1, day, hour, minute, second)),
      signableHeaders: new Set(names),
      // The signer takes these into account by itself.
      unsignableHeaders: new Set(["x-amz-content-sha256", "x-amz-date"].filter((name) => !names.includes(name))),
    },
  );
  if (signed.headers.authorization?.endsWith(`Signature=${signature}`)) return undefined;
  return `the signature is not the one that ${key.accessKeyId} makes of this call (signed headers ${signedHeaders})`;
}

/** However a client wrote it, the signature is over the path encoded once in the one way that AWS knows. */
function canonicalPath(call: ApiCall): string {
  const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${hex(sign)}`);
  const segments = call.path.split("?")[0].split("/");
  return segments.map((segment) => encode(decodeURIComponent(segment))).join("/");
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase();
}

/** What S3 is told of the body; other services are told nothing and have the body itself, which was read. */
function bodyDigest(call: ApiCall): string | undefined {
  const told = header(call, "x-amz-content-sha256");
  if (told !== undefined) return told;
  return call.body && createHash("sha256").update(call.body).digest("hex");
}
