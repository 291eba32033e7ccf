import { isTextToken, requireKnown } from "../core/terraform/text";
import { refuse } from "../core/validation";

const ZONE_NAME = /^[a-z]{2,}(?:-[a-z]+)+-\d+[a-z]$/;

/** Refuses any number of zones but 1 and 3, and says why 2 is none. */
export function requireZoneCount(property: string, count: unknown): void {
  if (count === 1 || count === 3) return;
  refuse({
    property,
    value: count,
    allowed: "1 or 3",
    remedy:
      count === 2
        ? "use 3, because with two zones the loss of one can take the majority of three ZooKeeper servers with it"
        : "use 3, or 1 where the loss of the zone may stop the cluster",
  });
}

/** Refuses all but a list of that many different zones. Names known only when Terraform runs are taken as they are. */
export function requireAvailabilityZones(property: string, zones: unknown, count: number): void {
  requireKnown(property, zones, "the number of zones shapes the network");
  const isList = Array.isArray(zones);
  const literal = isList ? zones.filter((zone) => !isTextToken(zone)) : [];
  if (
    !isList ||
    zones.length !== count ||
    new Set(zones).size !== count ||
    !literal.every((zone) => typeof zone === "string" && ZONE_NAME.test(zone))
  ) {
    refuse({
      property,
      value: zones,
      allowed: count === 1 ? "a list of one availability zone" : `a list of ${count} different availability zones`,
      remedy: `name ${count}, such as "eu-west-1a", or leave ${property} out`,
    });
  }
}
