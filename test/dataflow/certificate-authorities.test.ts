import { certificateAuthorities } from "../../lib/dataflow/certificate-authorities";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";

const AUTHORITIES = rdsAuthorities("eu-west-1")!;
const KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";

test("what stands between certificates is left out, and none given is none", () => {
  expect(certificateAuthorities(`# of eu-west-1\r\n${AUTHORITIES.replace(/\n/g, "\r\n")}`)).toBe(AUTHORITIES);
  expect(certificateAuthorities(undefined)).toBeUndefined();
});

test("a key beside them is refused, and not shown", () => {
  const refusal = () => certificateAuthorities(`${KEY}${AUTHORITIES}`);
  expect(refusal).toThrow(/^certificateAuthorities is "a text with a PRIVATE KEY", but must be certificates as PEM/);
  expect(refusal).not.toThrow(/c2VjcmV0/);
});
