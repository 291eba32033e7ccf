import { certificateAuthorities } from "../../lib/dataflow/certificate-authorities";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";

const AUTHORITIES = rdsAuthorities("eu-west-1")!;
const KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";

test("what stands between certificates is left out, and none given is none", () => {
  expect(certificateAuthorities(`# of eu-west-1\r\n${AUTHORITIES.replace(/\n/g, "\r\n")}`)).toBe(AUTHORITIES);
  expect(certificateAuthorities(undefined)).toBeUndefined();
});

test.each([
  ["blanks at the ends of its lines", (pem: string) => pem.replace(/\n/g, " \n")],
  ["another mark", (pem: string) => pem.replaceAll("BEGIN CERTIFICATE", "BEGIN TRUSTED CERTIFICATE")],
])("a certificate with %s beside others is refused, and not left out", (_, change) => {
  const [, second] = AUTHORITIES.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g)!;
  expect(() => certificateAuthorities(AUTHORITIES.replace(second, change(second)))).toThrow(
    "of which 1 of 3 have another form",
  );
});

test("a key beside them is refused, and not shown", () => {
  const refusal = () => certificateAuthorities(`${KEY}${AUTHORITIES}`);
  expect(refusal).toThrow(/^certificateAuthorities is "a text with a PRIVATE KEY", but must be certificates as PEM/);
  expect(refusal).not.toThrow(/c2VjcmV0/);
});
