import { Block } from "../support/synthesized";
import { each, Problem, referringTo, Rule } from "./rule";

/** A rule that every bucket has exactly one resource of a type beside it, which says something. */
export function bucketSatellite(
  name: string,
  type: string,
  problem: string,
  holds: (satellite: Block) => boolean,
): Rule {
  return {
    name,
    *problems(stack): Iterable<Problem> {
      for (const [address] of each(stack, "aws_s3_bucket")) {
        const satellites = referringTo(stack, type, "bucket", address);
        if (satellites.length !== 1 || !satellites.every(holds)) yield [address, problem];
      }
    },
  };
}
