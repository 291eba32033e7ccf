import { refuse, requireInstance } from "../core/validation";
import { FlinkVersion } from "./flink-version";
import { JAVA_FLAGS } from "./java-options";
import { knownKeys } from "./known-keys";
import { nearest } from "../core/nearest";
import { ownedKeyAdvice } from "./owned-keys";

/** Flink's start scripts look for this mark in what Flink prints, and Flink prints every value: it would forge results. */
const SCRIPT_MARK = "BASH_JAVA_UTILS_EXEC_RESULT:";
/** Flink's start scripts keep the last 1000 lines of the printed configuration, ours included. */
const MOST_LINES = 500;
const LONGEST_VALUE = 16_384;

/** Flags that would contradict those that the memory split gives. */
const FLAGS_OF_THE_SPLIT =
  /(^| )-(Xm[nsx]|Xss?\d|XX:[+-]Use\w*GC\b|XX:Max(MetaspaceSize|DirectMemorySize|HeapSize|RAM)|XX:InitialHeapSize)/;

/** The words by which Flink itself knows values to hide, and the AWS spellings of keys that its plugins take. */
const SECRET = /password|passphrase|secret|token|apikey|api-key|service-key|basic-auth|access[-.]?key|jaas\.config/i;
const HIDDEN = "a value that is not shown";
const WHERE_SECRETS_GO = "grant the role of the jobs what the job needs, or let the job read the secret itself";
/** Options about secrets that hold none. */
const NO_SECRET = /^(security\.(delegation|kerberos)\.|table\.secret-store\.)/;
/** Before what a provider of delegation tokens is given, which may be a secret. */
const OF_TOKEN_PROVIDER = /^security\.delegation\.token\.provider\.[^.]+\./;
/** A system property among flags for Java, by its name. */
const SYSTEM_PROPERTY = /(?:^| )-D([^=\s]+)=/g;

/**
 * Checks the keys and values that a user gives to Flink directly. Flink ignores a key that it does not know
 * without a word, so an unknown one is refused here, with the nearest known one. Of a line that the library
 * has no list of, unknown keys are only warned of.
 *
 * @returns warnings, one sentence each
 */
export function validateFlinkConfiguration(
  version: FlinkVersion,
  entries: Readonly<Record<string, string>>,
): readonly string[] {
  requireInstance("version", version, FlinkVersion, "FlinkVersion.V2_2");
  if (typeof entries !== "object" || entries === null || Array.isArray(entries) || entries instanceof Map) {
    refuse({
      property: "flinkConfiguration",
      value: entries,
      allowed: "an object of keys and texts",
      remedy: 'write for example { "rest.flamegraph.enabled": "true" }',
    });
  }
  const known = knownKeys(version.line);
  const warnings: string[] = [];
  let lines = 0;
  for (const [key, value] of Object.entries(entries)) {
    requireWellFormedKey(key);
    refuseOwned(key, value);
    refuseSecret(key);
    requireCarriedValue(key, value);
    lines += value.split(/\r\n|\r|\n/).length;
    if (!known) {
      warnings.push(
        `flinkConfiguration["${key}"] is not checked: the library has no list of the keys of Flink ${version.line}`,
      );
      continue;
    }
    if (!known.has(key)) refuseUnknown(version, key, value, known.all());
    const currentNames = known.currentNames(key);
    currentNames.forEach((current) => refuseOwned(key, value, current));
    if (currentNames.length > 0) {
      warnings.push(`flinkConfiguration["${key}"] is a deprecated name: use ${currentNames.join(" or ")}`);
    }
    const map = known.mapOf(key);
    if (map !== undefined && Object.hasOwn(entries, map)) refuseBothWays(key, value, map);
  }
  if (lines > MOST_LINES) {
    refuse({
      property: "flinkConfiguration",
      value: `${lines} lines`,
      allowed: `at most ${MOST_LINES} lines, counting those within values`,
      remedy: "leave out entries, or settings of single jobs",
    });
  }
  return warnings;
}

function requireWellFormedKey(key: string): void {
  if (!/^[A-Za-z$][A-Za-z0-9._$-]{0,254}$/.test(key)) {
    refuse({
      property: "a key of flinkConfiguration",
      value: key,
      allowed: "letters, digits, dots, hyphens and underscores, at most 255 of them, beginning with a letter",
      remedy: "mend the key",
    });
  }
}

/** Under an old name a key is as much ours as under the current one. */
function refuseOwned(key: string, value: unknown, current = key): void {
  const advice = ownedKeyAdvice(current);
  if (advice === undefined) return;
  refuse({
    property: `flinkConfiguration["${key}"]`,
    value: SECRET.test(key) ? HIDDEN : value,
    allowed: "absent, as the library sets it",
    remedy: advice,
  });
}

/** What stands here lies in Terraform's state, in plans and in the bucket for all to read. */
function refuseSecret(key: string): void {
  const option = key.replace(OF_TOKEN_PROVIDER, "");
  if (!SECRET.test(option) || NO_SECRET.test(option)) return;
  refuse({
    property: `flinkConfiguration["${key}"]`,
    value: HIDDEN,
    allowed: "absent, as a secret here would lie in Terraform's state and in every plan",
    remedy: WHERE_SECRETS_GO,
  });
}

function requireCarriedValue(key: string, value: unknown): asserts value is string {
  const property = `flinkConfiguration["${key}"]`;
  if (typeof value !== "string") {
    refuse({ property, value, allowed: "a text", remedy: 'put it in quotes, for example "true" or "10"' });
  }
  if (value.length > LONGEST_VALUE) {
    refuse({
      property,
      value,
      allowed: `at most ${LONGEST_VALUE} characters`,
      remedy: `shorten it, it has ${value.length}`,
    });
  }
  if (/\p{Surrogate}/u.test(value)) {
    refuse({ property, value, allowed: "valid Unicode", remedy: "remove the half of a surrogate pair" });
  }
  if (value.includes("\0")) {
    refuse({ property, value, allowed: "text without NUL characters", remedy: "remove them" });
  }
  if (value.includes(SCRIPT_MARK)) {
    refuse({
      property,
      value,
      allowed: `text without ${SCRIPT_MARK}`,
      remedy: "remove it: Flink's start scripts would take it for theirs",
    });
  }
  if (key.startsWith("env.java.opts.")) requireJavaFlags(property, value);
}

function requireJavaFlags(property: string, value: string): void {
  for (const [, name] of value.matchAll(SYSTEM_PROPERTY)) {
    if (!SECRET.test(name)) continue;
    refuse({
      property: `the system property ${name} in ${property}`,
      value: HIDDEN,
      allowed: "absent, as every process of the machine can see a command line",
      remedy: WHERE_SECRETS_GO,
    });
  }
  if (!JAVA_FLAGS.test(value)) {
    refuse({
      property,
      value,
      allowed: "flags that begin with a hyphen, one space between them, of letters, digits and _.,:=/+@%-",
      remedy: "remove other characters, which the shell of Flink's start scripts would interpret",
    });
  }
  if (FLAGS_OF_THE_SPLIT.test(value)) {
    refuse({
      property,
      value,
      allowed: "flags other than those for memory and the garbage collector",
      remedy: "set instanceType, from which they follow",
    });
  }
}

function refuseUnknown(version: FlinkVersion, key: string, value: unknown, known: Iterable<string>): never {
  const close = nearest(key, known);
  const advice = close === undefined ? undefined : (ownedKeyAdvice(close) ?? "use that");
  refuse({
    property: `flinkConfiguration["${key}"]`,
    value,
    allowed: `under a key that Flink ${version.line} reads`,
    remedy: close ? `the nearest is ${close}, ${advice}` : "remove it, no key of Flink is near it",
  });
}

function refuseBothWays(key: string, value: unknown, map: string): never {
  refuse({
    property: `flinkConfiguration["${key}"]`,
    value,
    allowed: `absent where ${map} is set as a whole`,
    remedy: "write the map one way only",
  });
}
