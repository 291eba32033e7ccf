import { Construct } from "constructs";
import { FlinkCluster } from "../../cluster/flink-cluster";
import { Duration } from "../../core/duration";
import { requireKnown } from "../../core/terraform/text";
import {
  OptionNames,
  refuse,
  requireBoolean,
  requireInteger,
  requireMap,
  requireOptionsOf,
} from "../../core/validation";
import { MetricsShippingInput } from "../../node/metrics/metrics-shipping";
import { requireDuration } from "../../settings/ranges";
import { requireSourceCluster } from "../source-cluster";
import { requireMetricsDestination } from "./metrics-destination";
import { MetricsIntegrationProps } from "./metrics-integration-props";
import { MetricsTarget } from "./metrics-target";

const PROPS: OptionNames<MetricsIntegrationProps> = {
  source: true,
  destination: true,
  interval: true,
  tags: true,
  include: true,
  exclude: true,
  operatorMetrics: true,
  bufferedMetrics: true,
};
const [SHORTEST_INTERVAL, LONGEST_INTERVAL] = [Duration.seconds(5), Duration.minutes(5)];
const [FEWEST_BUFFERED, MOST_BUFFERED] = [1_000, 100_000];
const MOST_TAGS = 20;
const TAG_NAME = /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const TAG_VALUE = /^[A-Za-z0-9_.:/@-](?:[A-Za-z0-9_.:/@ -]{0,126}[A-Za-z0-9_.:/@-])?$/;
/** Ours, Flink's and the operating system's: a value's own would win, or be lost. */
const TAGS_OF_VALUES: readonly string[] = [
  ...["cluster", "node", "host", "quantile", "le", "time", "tags"],
  ...["job_id", "job_name", "task_id", "task_name", "task_attempt_id", "task_attempt_num", "subtask_index"],
  ...["operator_id", "operator_name", "tm_id"],
  ...["cpu", "device", "interface", "name", "path", "fstype", "mode", "unit"],
];
const MOST_PATTERNS = 100;
const PATTERN = /^[A-Za-z0-9_*]{1,200}$/;

/** All props, checked and complete. */
export interface MetricsIntegrationSettings {
  readonly source: FlinkCluster;
  readonly target: MetricsTarget;
  readonly shipping: Omit<MetricsShippingInput, "roleArn" | "destination">;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkMetricsIntegrationProps(
  integration: Construct,
  props: MetricsIntegrationProps,
): MetricsIntegrationSettings {
  requireOptionsOf("props", props, PROPS, "{ source: flink, destination: MetricsDestination.influxDb({ … }) }");
  const { source, destination, tags = {}, include, exclude } = props;
  requireSourceCluster(integration, "MetricsIntegration", source);
  requireMetricsDestination("destination", destination);
  const { interval = Duration.seconds(30), operatorMetrics = false, bufferedMetrics = 20_000 } = props;
  requireInterval(interval);
  requireTags(tags);
  if (include !== undefined) requirePatterns("include", include);
  if (exclude !== undefined) {
    requirePatterns("exclude", exclude);
    requireSomethingLeft(exclude);
  }
  requireKnown("operatorMetrics", operatorMetrics, "it stands in what nodes are told");
  requireBoolean("operatorMetrics", operatorMetrics);
  requireKnown("bufferedMetrics", bufferedMetrics, "it stands in what nodes are told");
  requireInteger("bufferedMetrics", bufferedMetrics, FEWEST_BUFFERED, MOST_BUFFERED, "metrics");
  return {
    source,
    target: destination._target,
    shipping: {
      intervalSeconds: interval.toSeconds(),
      // In one order, whatever order they were written in: another text would be another configuration of all nodes.
      tags: Object.fromEntries(Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1))),
      ...{ include, exclude, operatorMetrics, bufferedMetrics },
    },
  };
}

function requireInterval(interval: unknown): asserts interval is Duration {
  requireDuration("interval", interval, SHORTEST_INTERVAL, LONGEST_INTERVAL);
  const seconds = (interval as Duration).toSeconds();
  if (Number.isInteger(seconds)) return;
  refuse({
    property: "interval",
    value: interval,
    allowed: "a whole number of seconds",
    remedy: `use for example Duration.seconds(${Math.round(seconds)})`,
  });
}

function requireTags(tags: unknown): void {
  requireKnown("tags", tags, "they stand in what nodes are told");
  requireMap("tags", tags);
  const names = Object.keys(tags);
  if (names.length > MOST_TAGS) {
    refuse({
      property: "tags",
      value: names.length,
      allowed: `at most ${MOST_TAGS} tags, as each value carries all of them`,
      remedy: "leave out what no query asks for",
    });
  }
  for (const [name, value] of Object.entries(tags)) {
    if (!TAG_NAME.test(name) || TAGS_OF_VALUES.includes(name)) {
      refuse({
        property: "a key of tags",
        value: name,
        allowed: `1 to 63 letters, digits and _, not beginning with a digit or __, and none of ${TAGS_OF_VALUES.join(", ")}, which are there already`,
        remedy: 'write for example "environment"',
      });
    }
    requireKnown(`tags["${name}"]`, value, "it stands in what nodes are told");
    if (typeof value === "string" && TAG_VALUE.test(value)) continue;
    refuse({
      property: `tags["${name}"]`,
      value,
      allowed: "1 to 128 letters, digits, spaces and _.:/@-, neither beginning nor ending with a space",
      remedy: 'write for example "production"',
    });
  }
}

function requirePatterns(property: "include" | "exclude", patterns: unknown): void {
  requireKnown(property, patterns, "they stand in what nodes are told");
  const isList = Array.isArray(patterns) && patterns.length > 0 && patterns.length <= MOST_PATTERNS;
  if (isList && patterns.every((pattern) => typeof pattern === "string" && PATTERN.test(pattern))) return;
  refuse({
    property,
    value: patterns,
    allowed: `a list of 1 to ${MOST_PATTERNS} names of at most 200 letters, digits, _ and *`,
    remedy: `use for example ["flink_jobmanager_job_*"], or leave ${property} out`,
  });
}

/** A node that ships nothing would look well for ever. */
function requireSomethingLeft(exclude: readonly string[]): void {
  const all = exclude.find((pattern) => /^\*+$/.test(pattern));
  if (all === undefined) return;
  refuse({
    property: "exclude",
    value: exclude,
    allowed: `patterns that leave something to ship, which ${all} does not`,
    remedy: "leave it out, or take the integration out of the program",
  });
}
