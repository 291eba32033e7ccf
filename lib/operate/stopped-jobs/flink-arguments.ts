/** What of the arguments of `flink run` is Flink's, as its parser (Apache Commons CLI) takes them. */
export interface OptionsOfRun {
  /** What stands before the program. */
  readonly options: readonly string[];
  /** The file that is named as the program; absent where none is. */
  readonly program?: string;
  /** Whether they name a savepoint. */
  readonly namesSavepoint: boolean;
}

/** Options that take the next word, where theirs is not in the same one. */
const TAKES_NEXT =
  /^(?:--?(?:class|classpath|claimMode|restoreMode|parallelism|python|py[A-Z]\w*|jobmanager|target|executor|zookeeperNamespace|yarnapplicationId)|-(?:c|C|cm|rm|p|py[a-z]*|m|t|e|z|yid|[dnv]*D))$/;
/** Of these, those that name a program. */
const PYTHON = ["-py", "--python"];
const MODULE = ["-pym", "--pyModule"];
/** Short ones may stand together (`-ds path`), and a long one may be cut off (`--fromS path`). */
const NAMES_SAVEPOINT = /^(?:-[dnvh]*s|--?f)/;
const STOPS_CLUSTER = /^(?:-sae|--?shutdownOnAttachedExit)$/;
/** `-Dkey=value`, and `-D key=value`. */
const DYNAMIC = /^-[dnvh]*D(.*)$/s;
/** Where a job begins, under all names of the lines, and whatever Flink keeps to itself, as the id of a job. */
const CHOSEN = /^(?:execution\.state-recovery\.path|execution\.savepoint\.path|\$internal\..*)$/;

/** Takes arguments of `flink run` apart. */
export function optionsOfRun(args: readonly string[]): OptionsOfRun {
  let index = 0;
  let program: string | undefined;
  let isModule = false;
  let namesSavepoint = false;
  while (index < args.length && args[index].startsWith("-") && args[index] !== "--") {
    const word = args[index];
    if (PYTHON.includes(word)) program = args[index + 1] ?? "";
    if (MODULE.includes(word)) isModule = true;
    if (NAMES_SAVEPOINT.test(word) && !STOPS_CLUSTER.test(word)) namesSavepoint = true;
    index += TAKES_NEXT.test(word) ? 2 : 1;
  }
  // With a program of Python, what comes then is its own.
  if (program === undefined && !isModule) program = args[index];
  return { options: args.slice(0, index), program, namesSavepoint };
}

/** Keys that options set by `-D`. */
export function dynamicKeysOf(options: readonly string[]): readonly string[] {
  return options.flatMap((word, index) => {
    const rest = DYNAMIC.exec(word)?.[1];
    if (rest === undefined) return [];
    return [(rest === "" ? (options[index + 1] ?? "") : rest).split("=")[0].trim()];
  });
}

/** Whether it is `jobs resume` that says what a key of Flink's configuration is. */
export function isChosenByResume(key: string): boolean {
  return CHOSEN.test(key);
}
