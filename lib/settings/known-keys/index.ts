import * as flink120 from "./flink-1.20";
import * as flink22 from "./flink-2.2";
import * as flink23 from "./flink-2.3";
import { matchesRule } from "./rules";

/** The keys that one line of Flink reads. */
export interface KnownKeys {
  /** Whether Flink reads this key. */
  has(key: string): boolean;
  /** The current names of a deprecated one that Flink still reads; none for any other key. */
  currentNames(key: string): readonly string[];
  /** Every key that is written out, for a search of the nearest. */
  all(): Iterable<string>;
  /** The map that the key is an entry of, such as `pipeline.global-job-parameters`. */
  mapOf(key: string): string | undefined;
}

interface Lists {
  readonly KEYS: string;
  readonly MAPS: string;
  readonly OLD_KEYS: string;
}

const LISTS = new Map<string, Lists>([
  ["1.20", flink120],
  ["2.2", flink22],
  ["2.3", flink23],
]);

const parsed = new Map<string, KnownKeys>();

/** The known keys of a line; none for a line that the library has no list of. */
export function knownKeys(line: string): KnownKeys | undefined {
  const lists = LISTS.get(line);
  if (!lists) return undefined;
  let known = parsed.get(line);
  if (!known) {
    known = parse(lists);
    parsed.set(line, known);
  }
  return known;
}

function parse(lists: Lists): KnownKeys {
  const words = (list: string): string[] => list.trim().split("\n");
  const maps = words(lists.MAPS);
  const old = new Map(
    words(lists.OLD_KEYS).map((line) => {
      const [key, ...current] = line.split(" ") as [string, ...string[]];
      return [key, current];
    }),
  );
  const all = new Set([...words(lists.KEYS), ...maps, ...old.keys()]);
  const mapOf = (key: string): string | undefined => maps.find((map) => key.startsWith(`${map}.`));
  return {
    has: (key) => all.has(key) || mapOf(key) !== undefined || matchesRule(key),
    currentNames: (key) => old.get(key) ?? [],
    all: () => all,
    mapOf,
  };
}
