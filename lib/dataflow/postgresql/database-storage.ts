import { Size } from "../../core/size";
import { refuse } from "../../core/validation";
import { wholeGibibytes } from "../whole-gibibytes";

/** Amazon RDS User Guide, "Amazon RDS DB instance storage": of gp3. */
const LEAST = Size.gibibytes(20);
const MOST = Size.gibibytes(64 * 1024);
const DEFAULT = Size.gibibytes(100);
const DEFAULT_GROWTH = 4;
/** Amazon RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling". */
const LEAST_GROWTH_PERCENT = 10;

/** What a database stores, in GiB. */
export interface DatabaseStorage {
  readonly first: number;
  /** Absent where it does not grow by itself. */
  readonly most?: number;
}

/** What is given, or the defaults. */
export function checkDatabaseStorage(
  allocatedStorage: Size | undefined,
  maxAllocatedStorage: Size | undefined,
): DatabaseStorage {
  const first = wholeGibibytes("allocatedStorage", allocatedStorage ?? DEFAULT, LEAST, MOST);
  // Near the top there is no room to grow by as much as Amazon RDS wants.
  const byDefault = Math.min(first * DEFAULT_GROWTH, MOST.toGibibytes());
  if (maxAllocatedStorage === undefined) return byDefault < growing(first) ? { first } : { first, most: byDefault };
  const most = wholeGibibytes("maxAllocatedStorage", maxAllocatedStorage, LEAST, MOST);
  if (most === first) return { first };
  if (most >= growing(first)) return { first, most };
  refuse({
    property: "maxAllocatedStorage",
    value: maxAllocatedStorage,
    allowed: `the same as allocatedStorage, which is ${first} GiB, or at least a tenth more`,
    remedy: `use Size.gibibytes(${first}) for storage that does not grow, or Size.gibibytes(${growing(first)}) and more`,
  });
}

/** The least that Amazon RDS takes as the end of growth. */
function growing(first: number): number {
  return Math.ceil((first * (100 + LEAST_GROWTH_PERCENT)) / 100);
}
