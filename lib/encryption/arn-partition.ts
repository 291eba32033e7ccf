import { refuse } from "../core/validation";

/** Beginnings of the names of regions in partitions of their own; all other regions are in `aws`. */
const PARTITIONS: readonly (readonly [region: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eusc-", "aws-eusc"],
];

/** Refuses an ARN whose region is not in its partition. */
export function requirePartitionOfRegion(property: string, arn: string): void {
  const [, partition, service, region] = arn.split(":");
  const right = PARTITIONS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? "aws";
  if (partition === right) return;
  refuse({
    property,
    value: arn,
    allowed: `in the partition of its region, which is ${right} for ${region}`,
    remedy: `begin it with arn:${right}:${service}:${region}:, or name another region`,
  });
}
