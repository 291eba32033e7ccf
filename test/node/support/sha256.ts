import { createHash, createHmac } from "crypto";

/** What the signer asks of a hash, on Node.js's own. */
export class Sha256 {
  private readonly hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  public constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", Buffer.from(secret as Uint8Array));
  }

  public update(data: string | Uint8Array): void {
    this.hash.update(data);
  }

  public digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  public reset(): void {
    throw new Error("not asked for");
  }
}
