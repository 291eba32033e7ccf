/**
 * The machine sizes of AWS that the library knows: Nitro families only, because a data volume is found by
 * the NVMe serial number that Nitro gives it. Every family below offers every size listed for it.
 * Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/
 */
export interface InstanceTypeRow {
  readonly name: string;
  readonly vCpus: number;
  readonly memoryGib: number;
  readonly arm: boolean;
}

interface Family {
  readonly name: string;
  readonly gibPerVCpu: number;
  readonly arm?: boolean;
}

/** Ratio of memory to vCPUs is what the first letter of a family means. */
const FAMILIES: readonly Family[] = [
  { name: "m6a", gibPerVCpu: 4 },
  { name: "m6g", gibPerVCpu: 4, arm: true },
  { name: "m6i", gibPerVCpu: 4 },
  { name: "m7a", gibPerVCpu: 4 },
  { name: "m7g", gibPerVCpu: 4, arm: true },
  { name: "m7i", gibPerVCpu: 4 },
  { name: "m7i-flex", gibPerVCpu: 4 },
  { name: "m8g", gibPerVCpu: 4, arm: true },
  { name: "r6a", gibPerVCpu: 8 },
  { name: "r6g", gibPerVCpu: 8, arm: true },
  { name: "r6i", gibPerVCpu: 8 },
  { name: "r7a", gibPerVCpu: 8 },
  { name: "r7g", gibPerVCpu: 8, arm: true },
  { name: "r7i", gibPerVCpu: 8 },
  { name: "r8g", gibPerVCpu: 8, arm: true },
  { name: "c6a", gibPerVCpu: 2 },
  { name: "c6g", gibPerVCpu: 2, arm: true },
  { name: "c6i", gibPerVCpu: 2 },
  { name: "c7a", gibPerVCpu: 2 },
  { name: "c7g", gibPerVCpu: 2, arm: true },
  { name: "c7i", gibPerVCpu: 2 },
  { name: "c8g", gibPerVCpu: 2, arm: true },
];

const SIZES: readonly (readonly [size: string, vCpus: number])[] = [
  ["large", 2],
  ["xlarge", 4],
  ["2xlarge", 8],
  ["4xlarge", 16],
  ["8xlarge", 32],
];

/** Burstable families have sizes of their own. */
const BURSTABLE_FAMILIES: readonly Pick<Family, "name" | "arm">[] = [
  { name: "t3" },
  { name: "t3a" },
  { name: "t4g", arm: true },
];

const BURSTABLE_SIZES: readonly (readonly [size: string, vCpus: number, memoryGib: number])[] = [
  ["medium", 2, 4],
  ["large", 2, 8],
  ["xlarge", 4, 16],
  ["2xlarge", 8, 32],
];

/** One row per type, by name. */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceTypeRow> = new Map(
  [
    ...FAMILIES.flatMap((family) =>
      SIZES.map(([size, vCpus]) => ({
        name: `${family.name}.${size}`,
        vCpus,
        memoryGib: vCpus * family.gibPerVCpu,
        arm: family.arm ?? false,
      })),
    ),
    ...BURSTABLE_FAMILIES.flatMap((family) =>
      BURSTABLE_SIZES.map(([size, vCpus, memoryGib]) => ({
        name: `${family.name}.${size}`,
        vCpus,
        memoryGib,
        arm: family.arm ?? false,
      })),
    ),
  ].map((row) => [row.name, row]),
);

/** What the table holds, in one line. */
export const INSTANCE_TYPES_IN_WORDS = [[FAMILIES, SIZES] as const, [BURSTABLE_FAMILIES, BURSTABLE_SIZES] as const]
  .map(
    ([families, sizes]) => `${families.map((each) => each.name).join(", ")} from ${sizes[0][0]} to ${sizes.at(-1)![0]}`,
  )
  .join("; ");
