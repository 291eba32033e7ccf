import { createPrivateKey, X509Certificate } from "crypto";
import { keyStoreHolds, renderKeyStore } from "../../../core/x509/key-store";
import type { KeyAndCertificate } from "../../../core/x509/leaf";
import { certificatesPem, keyPem, parseCertificates } from "../../../core/x509/pem";
import { KeyPairFiles, STORE_PASSWORD } from "../../tls-paths";
import { Owner, readIfThere, writeFileAtomically } from "../files";

/** Its user may read it by its group, and nobody but root may write it. */
const MODE = 0o640;

/** The key pair of a process; nothing where it is not there, or not whole. */
export async function readKeyPair(files: KeyPairFiles): Promise<KeyAndCertificate | undefined> {
  const pem = await readIfThere(files.pem);
  const store = files.keyStore === undefined ? undefined : await readIfThere(files.keyStore);
  if (!pem || (files.keyStore !== undefined && !store)) return undefined;
  try {
    const key = createPrivateKey(pem);
    const [certificate] = parseCertificates(pem.toString());
    const whole = certificate?.checkPrivateKey(key) && (!store || keyStoreHolds(store, key, STORE_PASSWORD));
    return whole ? { key, certificate } : undefined;
  } catch {
    return undefined;
  }
}

/** Lays a key pair down, so that at no moment anybody else can read it. */
export async function writeKeyPair(
  files: KeyPairFiles,
  pair: KeyAndCertificate,
  issuer: X509Certificate,
  owner: Owner,
): Promise<void> {
  if (files.keyStore !== undefined) {
    const store = renderKeyStore(pair, [issuer], STORE_PASSWORD, "flink");
    await writeFileAtomically(files.keyStore, store, MODE, owner);
  }
  // Last: a pair of which one file is of the one before is not whole.
  const pem = keyPem(pair.key) + certificatesPem(pair.certificate, issuer);
  await writeFileAtomically(files.pem, pem, MODE, owner);
}
