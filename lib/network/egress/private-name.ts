import { refuse } from "../../core/validation";
import { isDomainName, isTaken } from "../domain-name";

/**
 * Names that AWS gives to single systems: a private zone of one hides nothing else that AWS answers for. All databases of an
 * account in a region have the part after the first label in common.
 */
const SYSTEM_OF_AWS = [
  /^[a-z0-9-]+\.(?:[a-z0-9-]+\.)+[a-z0-9-]+\.rds\.amazonaws\.com$/,
  /^[a-z0-9-]+\.(?:[a-z0-9-]+\.)+rds\.cn-[a-z0-9-]+\.amazonaws\.com\.cn$/,
  /^[a-z0-9-]+\.(?:[a-z0-9-]+\.)*[a-z]+(?:-[a-z]+)+-\d+\.es\.amazonaws\.com(?:\.cn)?$/,
  /^[a-z0-9-]+\.(?:[a-z0-9-]+\.)*aos\.[a-z0-9-]+\.on\.(?:aws|amazonwebservices\.com\.cn)$/,
];
/** Under which everybody in a country has names, such as `com.au`. */
const OF_A_COUNTRY = /^(?:ac|co|com|edu|gob|gouv|gov|govt|mil|ne|net|nom|or|org)\.[a-z]{2}$/;

/** Refuses a name that cannot be one of a single system in a private zone, as it is none, or hides others that nodes need. */
export function requirePrivateName(property: string, name: unknown, remedy: string): asserts name is string {
  const isSystemOfAws = (text: string) => SYSTEM_OF_AWS.some((pattern) => pattern.test(text));
  if (isDomainName(name) && !OF_A_COUNTRY.test(name) && (!isTaken(name) || isSystemOfAws(name))) return;
  refuse({
    property,
    value: name,
    allowed:
      "a lower-case domain name of two labels or more and at most 200 characters, of one system, for which neither AWS nor the machines themselves answer in general",
    remedy,
  });
}
