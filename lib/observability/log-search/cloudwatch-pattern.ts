import type { LogFilter } from "./log-filter";
import { atLeast } from "./log-level";

/**
 * A pattern by which CloudWatch Logs filters documents; undefined where all are wanted.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterPattern(filter: Omit<LogFilter, "text">): string | undefined {
  const { cluster, level, jobId, node, role, logger } = filter;
  const clauses = [
    ...equals("cluster", cluster),
    ...(level === undefined ? [] : [anyOf(atLeast(level).flatMap((each) => equals("level", each)))]),
    ...equals("job_id", jobId?.toLowerCase()),
    ...equals("node", node),
    ...equals("role", role),
    ...(logger === undefined
      ? []
      : [anyOf([...equals("logger", logger), ...equals("logger", `${logger.replace(/\.$/, "")}.*`)])]),
  ];
  return clauses.length === 0 ? undefined : `{ ${clauses.join(" && ")} }`;
}

function equals(field: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`$.${field} = "${value.replace(/[\\"]/g, "\\$&")}"`];
}

function anyOf(clauses: readonly string[]): string {
  return `(${clauses.join(" || ")})`;
}
