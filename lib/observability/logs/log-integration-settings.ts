import { Construct } from "constructs";
import { FlinkCluster } from "../../cluster/flink-cluster";
import { Duration } from "../../core/duration";
import { Size } from "../../core/size";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger, requireOptionsOf } from "../../core/validation";
import { requireDuration, requireSize } from "../../settings/ranges";
import { DEFAULT_INDEX_PREFIX, requireIndexPrefix } from "../opensearch-objects/index-names";
import { requireSourceCluster } from "../source-cluster";
import { requireLogDestination } from "./log-destination";
import { LogField } from "./log-field";
import { LogIntegrationProps } from "./log-integration-props";
import { LogTarget } from "./log-target";

const PROPS: OptionNames<LogIntegrationProps> = {
  source: true,
  destination: true,
  indexPrefix: true,
  retentionDays: true,
  fields: true,
  bufferSize: true,
  timeout: true,
};
const [SMALLEST_BUFFER, LARGEST_BUFFER] = [Size.mebibytes(64), Size.gibibytes(100)];
const [SHORTEST_TIMEOUT, LONGEST_TIMEOUT] = [Duration.seconds(10), Duration.seconds(120)];

/** All props, checked and complete. */
export interface LogIntegrationSettings {
  readonly source: FlinkCluster;
  readonly target: LogTarget;
  readonly indexPrefix: string;
  readonly retentionDays: number;
  readonly fields?: readonly LogField[];
  readonly bufferSize: Size;
  readonly timeoutSeconds: number;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkLogIntegrationProps(integration: Construct, props: LogIntegrationProps): LogIntegrationSettings {
  requireOptionsOf("props", props, PROPS, "{ source: flink, destination: LogDestination.cloudWatch() }");
  const { source, destination, fields } = props;
  requireSourceCluster(integration, "LogIntegration", source);
  requireLogDestination("destination", destination);
  requireFitting(destination._target, props);
  const { indexPrefix = DEFAULT_INDEX_PREFIX, retentionDays = 3 } = props;
  requireKnown("indexPrefix", indexPrefix, "it decides what may be written");
  requireIndexPrefix("indexPrefix", indexPrefix);
  requireKnown("retentionDays", retentionDays, "it stands in a command");
  requireInteger("retentionDays", retentionDays, 1, 10_000, "days");
  if (fields !== undefined) requireFields(fields);
  const bufferSize = props.bufferSize ?? Size.mebibytes(512);
  requireSize("bufferSize", bufferSize, SMALLEST_BUFFER, LARGEST_BUFFER);
  const timeout = props.timeout ?? Duration.seconds(30);
  requireDuration("timeout", timeout, SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
  return {
    ...{ source, target: destination._target, indexPrefix, retentionDays, fields, bufferSize },
    timeoutSeconds: timeout.toSeconds(),
  };
}

/** What is OpenSearch's alone would have no effect elsewhere. */
function requireFitting(
  { hasIndices, title }: LogTarget,
  { indexPrefix, retentionDays, timeout }: LogIntegrationProps,
) {
  if (hasIndices) return;
  for (const [property, value] of Object.entries({ indexPrefix, retentionDays, timeout })) {
    if (value === undefined) continue;
    refuse({
      property,
      value,
      allowed: `left out for ${title}, as it is about indices of OpenSearch`,
      remedy: property === "retentionDays" ? "set retention of LogDestination.cloudWatch" : `leave ${property} out`,
    });
  }
}

function requireFields(fields: unknown): asserts fields is LogField[] {
  requireKnown("fields", fields, "they stand in what nodes are told");
  const known: readonly unknown[] = Object.values(LogField);
  const isList = Array.isArray(fields) && fields.length > 0;
  if (isList && fields.every((field) => known.includes(field)) && new Set(fields).size === fields.length) return;
  refuse({
    property: "fields",
    value: fields,
    allowed: `a list of one or more of ${known.join(", ")}, each once`,
    remedy: "use for example [LogField.LEVEL, LogField.LOGGER], or leave fields out for all",
  });
}
