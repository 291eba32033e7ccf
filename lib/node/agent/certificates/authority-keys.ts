import { createPublicKey, KeyObject } from "crypto";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { bounded, machineClient } from "../machine-client";

/** Keys of authorities, which never leave where they are. */
export interface AuthorityKeys {
  /** The public half of a key. */
  publicKey(arn: string): Promise<KeyObject>;
  /** Signs with RSASSA-PKCS1-v1_5 and SHA-256, if the machine may. */
  sign(arn: string, message: Uint8Array): Promise<Uint8Array>;
}

/** KMS with the machine's own role. */
export class KmsAuthorityKeys implements AuthorityKeys {
  private readonly client: KMSClient;

  public constructor(region: string) {
    this.client = new KMSClient({ region, ...machineClient() });
  }

  public async publicKey(arn: string): Promise<KeyObject> {
    const { PublicKey } = await this.client.send(new GetPublicKeyCommand({ KeyId: arn }), bounded());
    return createPublicKey({ key: Buffer.from(PublicKey!), format: "der", type: "spki" });
  }

  public async sign(arn: string, message: Uint8Array): Promise<Uint8Array> {
    const { Signature } = await this.client.send(
      new SignCommand({
        KeyId: arn,
        // The whole and no digest of it: the role allows nothing else, so that the log of KMS shows what was signed.
        MessageType: "RAW",
        Message: message,
        SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256",
      }),
      bounded(),
    );
    return Signature!;
  }
}
