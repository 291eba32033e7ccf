import { CreateAliasCommand, CreateKeyCommand, GetPublicKeyCommand, SignCommand } from "@aws-sdk/client-kms";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authorityCertificate, authorityName } from "../../lib/core/x509/authority";
import { authorityAlias } from "../../lib/core/x509/authority-names";
import { EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "authority-"));
  emulator = await Emulator.start({ dir, loopback: false });
  aws = new EmulatorClients(REGION, emulator.socketPath);
}, 300_000);

afterAll(async () => {
  aws?.destroy();
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("a key of KMS signs certificates of an authority, by its ARN and by its alias, the same bytes each time", async () => {
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({ KeyUsage: "SIGN_VERIFY", KeySpec: "RSA_3072" }));
  const AliasName = authorityAlias("node", "orders");
  await aws.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata!.KeyId }));
  const certificates = await Promise.all(
    [KeyMetadata!.Arn!, AliasName].map(async (KeyId) => {
      const { PublicKey } = await aws.kms.send(new GetPublicKeyCommand({ KeyId }));
      const key = createPublicKey({ key: Buffer.from(PublicKey!), format: "der", type: "spki" });
      const certificate = await authorityCertificate(authorityName("node", "orders"), key, async (Message) => {
        const SigningAlgorithm = "RSASSA_PKCS1_V1_5_SHA_256";
        const answer = await aws.kms.send(new SignCommand({ KeyId, MessageType: "RAW", Message, SigningAlgorithm }));
        return answer.Signature!;
      });
      expect(certificate.verify(key)).toBe(true);
      return certificate.raw.toString("hex");
    }),
  );
  expect(certificates[0]).toBe(certificates[1]);
}, 60_000);
