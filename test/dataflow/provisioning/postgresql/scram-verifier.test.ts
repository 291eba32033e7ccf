import { createHash, createHmac } from "node:crypto";
import { scramVerifier } from "../../../../lib/dataflow/provisioning/postgresql/scram-verifier";

const SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
/** The example of RFC 7677, section 3: what both said, in the form that is signed. */
const SAID = [
  "n=user,r=rOprNGfwEbeRWgbNEkqO",
  `r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=${SALT},i=4096`,
  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
].join(",");
const PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
const SERVER_SIGNATURE = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

test("holds the keys by which the client and the server of RFC 7677 know each other", () => {
  const verifier = scramVerifier("pencil", Buffer.from(SALT, "base64"));
  const [, salt, storedKey, serverKey] = /^SCRAM-SHA-256\$4096:([^$]+)\$([^:]+):(.+)$/.exec(verifier)!;
  expect(salt).toBe(SALT);
  const sign = (key: string) => createHmac("sha256", Buffer.from(key, "base64")).update(SAID).digest();
  expect(sign(serverKey).toString("base64")).toBe(SERVER_SIGNATURE);
  // The proof is the client's key, hidden by the signature with the hash of that key.
  const signature = sign(storedKey);
  const clientKey = Buffer.from(PROOF, "base64").map((byte, index) => byte ^ signature[index]);
  expect(createHash("sha256").update(clientKey).digest("base64")).toBe(storedKey);
});

test("is another one each time", () => {
  expect(scramVerifier("pencil")).not.toBe(scramVerifier("pencil"));
});
