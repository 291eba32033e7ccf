import { connectionProblem } from "../../../lib/node/log-exporter/connection-problem";

const url = new URL("https://search.example.internal:9200");
const withCode = (code: string) => Object.assign(new Error("what OpenSSL says"), { code });

// https://nodejs.org/docs/latest-v22.x/api/tls.html#x509-certificate-error-codes, and Node.js's own for another name
test.each([
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_CRL", "UNABLE_TO_DECRYPT_CERT_SIGNATURE"],
  ...["UNABLE_TO_DECRYPT_CRL_SIGNATURE", "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "CERT_SIGNATURE_FAILURE"],
  ...["CRL_SIGNATURE_FAILURE", "CERT_NOT_YET_VALID", "CERT_HAS_EXPIRED", "CRL_NOT_YET_VALID", "CRL_HAS_EXPIRED"],
  ...["ERROR_IN_CERT_NOT_BEFORE_FIELD", "ERROR_IN_CERT_NOT_AFTER_FIELD", "ERROR_IN_CRL_LAST_UPDATE_FIELD"],
  ...["ERROR_IN_CRL_NEXT_UPDATE_FIELD", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
  ...["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_CHAIN_TOO_LONG", "CERT_REVOKED"],
  ...["INVALID_CA", "PATH_LENGTH_EXCEEDED", "INVALID_PURPOSE", "CERT_UNTRUSTED", "CERT_REJECTED", "HOSTNAME_MISMATCH"],
  "ERR_TLS_CERT_ALTNAME_INVALID",
])("%s: the certificate is not trusted", (code) => {
  expect(connectionProblem(withCode(code), { url })).toBe(
    "the certificate of search.example.internal:9200 is not trusted: what OpenSSL says",
  );
});

test.each([
  ["EPROTO", "search.example.internal:9200 does not speak TLS: what OpenSSL says"],
  ["ECONNREFUSED", "search.example.internal:9200 refuses the connection"],
  ["ENOTFOUND", "the name search.example.internal cannot be resolved"],
])("%s is nothing of certificates", (code, sentence) => {
  expect(connectionProblem(withCode(code), { url })).toBe(sentence);
});
