import { Duration } from "../core/duration";
import { refuse } from "../core/validation";
import { requireDuration } from "../settings/ranges";

/**
 * Nodes renew their certificates one after the other in the last third of them, and wait up to a twelfth of their life
 * for those that are due a little later. What is left, a quarter, holds a turn of two minutes for each node.
 */
const MINUTES_A_NODE = 8;
const LEAST_MINUTES = 10;
/** Longer ones browsers refuse. */
const LONGEST = Duration.days(397);

/** Shorter ones would end before all nodes had their turns, and nodes whose certificates have ended restart at once. */
export function leastCertificateValidity(nodeCount: number): Duration {
  return Duration.minutes(Math.max(LEAST_MINUTES, MINUTES_A_NODE * nodeCount));
}

export function checkCertificateValidity(validity: Duration, nodeCount: number): Duration {
  const why = nodeCount > 1 ? `as ${nodeCount} nodes renew theirs one after the other` : undefined;
  requireDuration("certificateValidity", validity, leastCertificateValidity(nodeCount), LONGEST, why);
  if (!Number.isInteger(validity.toSeconds())) {
    refuse({
      property: "certificateValidity",
      value: validity,
      allowed: "a whole number of seconds",
      remedy: `use Duration.seconds(${Math.ceil(validity.toSeconds())})`,
    });
  }
  return validity;
}
