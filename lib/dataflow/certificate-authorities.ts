import { X509Certificate } from "node:crypto";
import { requireKnown } from "../core/terraform/text";
import { refuse } from "../core/validation";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+?\n-----END CERTIFICATE-----/g;
/** One in whatever form: none is to be left out in silence. */
const ANY_CERTIFICATE = /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g;
/** They are in what each node reads; Amazon RDS's bundle of all regions has some 160 KiB. */
const LARGEST_KIB = 256;
const KEY = "PRIVATE KEY";

/**
 * The certificates of a PEM text, in their order, without what stands between them; refuses all but certificates of
 * authorities. Nothing where none are given: then the operating system's store decides.
 */
export function certificateAuthorities(pem: string | undefined): string | undefined {
  if (pem === undefined) return undefined;
  requireKnown("certificateAuthorities", pem, "they are looked at when the program runs");
  const found = typeof pem === "string" ? (pem.replace(/\r\n/g, "\n").match(CERTIFICATE) ?? []) : [];
  const hasKey = typeof pem === "string" && pem.includes(KEY);
  if (found.length === 0 || hasKey) {
    refuse({
      property: "certificateAuthorities",
      // What says that it is a key is not shown.
      value: hasKey ? `a text with a ${KEY}` : pem,
      allowed: "certificates as PEM, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and no key",
      remedy: 'read them from a file, for example readFileSync("bundle.pem", "utf8")',
    });
  }
  const begun = pem.match(ANY_CERTIFICATE)!.length;
  if (begun !== found.length) {
    refuse({
      property: "certificateAuthorities",
      value: pem,
      allowed: `certificates as PEM, of which ${begun - found.length} of ${begun} have another form`,
      remedy: "write each with lines of Base64 alone between its two marks",
    });
  }
  const other = found.findIndex((certificate) => !isAuthority(certificate));
  if (other >= 0) {
    refuse({
      property: "certificateAuthorities",
      value: pem,
      allowed: `certificates of those who sign certificates, which number ${other + 1} in it is not`,
      remedy: "leave out those of servers, and name who signed them",
    });
  }
  const text = `${found.join("\n")}\n`;
  if (text.length > LARGEST_KIB * 1024) {
    refuse({
      property: "certificateAuthorities",
      value: pem,
      allowed: `at most ${LARGEST_KIB} KiB, of which it has ${Math.ceil(text.length / 1024)}`,
      remedy: "name those alone that sign for this system, such as the bundle of its region",
    });
  }
  return text;
}

/** Refuses checked authorities for a service whose own every operating system trusts: they would be the only ones that count. */
export function requireNoAuthorities(pem: string | undefined, service: string): void {
  if (pem === undefined) return;
  refuse({
    property: "certificateAuthorities",
    value: pem,
    allowed: `left out for ${service}, whose authorities every operating system trusts, as those given would replace them`,
    remedy: "leave certificateAuthorities out",
  });
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}
