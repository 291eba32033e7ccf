import { refuse } from "../../core/validation";
import { isDomainName, isTaken } from "../domain-name";

/** Names that AWS gives to single systems: a private zone of one hides nothing else that AWS answers for. */
const SYSTEM_OF_AWS =
  /^[a-z0-9-]+\.(?:.+\.)?(?:kafka(?:-serverless)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|[a-z0-9-]+\.rds\.amazonaws\.com|rds\.cn-[a-z0-9-]+\.amazonaws\.com\.cn|[a-z0-9-]+\.es\.amazonaws\.com(?:\.cn)?|aos\.[a-z0-9-]+\.on\.(?:aws|amazonwebservices\.com\.cn))$/;

/** Refuses a name that cannot be one of a single system in a private zone, as it is none, or hides others that nodes need. */
export function requirePrivateName(property: string, name: unknown, remedy: string): asserts name is string {
  if (isDomainName(name) && (!isTaken(name) || SYSTEM_OF_AWS.test(name))) return;
  refuse({
    property,
    value: name,
    allowed:
      "a lower-case domain name of two labels or more and at most 200 characters, for which neither AWS nor the machines themselves answer in general",
    remedy,
  });
}
