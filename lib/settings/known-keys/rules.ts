/**
 * Keys that no option class holds: they carry a name that the user chooses, or belong to a plugin that hands
 * everything below a prefix to somebody else.
 */
const NAME = "[A-Za-z0-9_-]+";
const REST = "[A-Za-z0-9_.-]+";

const RULES: readonly RegExp[] = [
  // Reporters: metrics.reporter.<name>.<option of that reporter>.
  new RegExp(`^(metrics|traces|events)\\.reporter\\.${NAME}\\.${REST}$`),
  // File systems: the S3 plugins translate these for Presto's and Hadoop's clients.
  new RegExp(`^(s3|s3a|presto\\.s3)\\.${REST}$`),
  new RegExp(`^fs\\.(s3|s3a)\\.${REST}$`),
  new RegExp(`^fs\\.${NAME}\\.limit\\.(total|input|output|timeout|stream-timeout)$`),
  // Handed to Hadoop without the prefix.
  new RegExp(`^flink\\.hadoop\\.${REST}$`),
  // External resources: external-resource.<name>.<option>.
  new RegExp(`^external-resource\\.${NAME}\\.(amount|driver-factory\\.class|param\\.${REST})$`),
  new RegExp(`^security\\.delegation\\.token\\.provider\\.${NAME}\\.${REST}$`),
  // Not part of every distribution, see the table of software.
  new RegExp(`^sql-gateway\\.${REST}$`),
  // Where the catalog store of SQL keeps its files.
  new RegExp(`^table\\.catalog-store\\.${REST}$`),
];

/** Whether a key that is in no list is one that Flink or a plugin of it reads. */
export function matchesRule(key: string): boolean {
  return RULES.some((rule) => rule.test(key));
}
