import { stringify } from "smol-toml";
import { METRICS_LOGIN, METRICS_NAMES_FILE } from "../paths";
import { LOGIN_STORE, loginSourceOf } from "./metrics-login";
import type { MetricsShippingInput } from "./metrics-shipping";
import { telegrafInputs } from "./telegraf-inputs";
import { telegrafOutput } from "./telegraf-outputs";
import { STATUS_MEASUREMENT, statusOutput } from "./telegraf-status";

export interface MetricsNode {
  readonly cluster: string;
  /** Such as `orders-node-1`. */
  readonly node: string;
}

/** Metrics in one request, and how many there must be before they are sent at once. */
const BATCH = 1_000;
/** How often it tries to send what it has. */
const FLUSH_SECONDS = 10;
/** How long values of one moment are waited for, to be sent together. */
const GATHERING_SECONDS = 5;

/** The configuration of Telegraf on one node, as TOML; it holds no secret. */
export function renderTelegrafConfiguration({ cluster, node }: MetricsNode, metrics: MetricsShippingInput): string {
  const interval = `${metrics.intervalSeconds}s`;
  const { plugin, options } = telegrafOutput(metrics.destination);
  const configuration = {
    agent: {
      interval,
      // All nodes look at the same moments.
      round_interval: true,
      metric_batch_size: BATCH,
      metric_buffer_limit: metrics.bufferedMetrics,
      flush_interval: `${FLUSH_SECONDS}s`,
      // Flink has a label of that name.
      omit_hostname: true,
      skip_processors_after_aggregators: true,
    },
    ...(loginSourceOf(metrics.destination) === undefined
      ? {}
      : { secretstores: { docker: [{ id: LOGIN_STORE, path: METRICS_LOGIN, dynamic: true }] } }),
    inputs: telegrafInputs(metrics.intervalSeconds),
    processors: {
      starlark: [
        {
          script: METRICS_NAMES_FILE,
          constants: {
            STATUS: STATUS_MEASUREMENT,
            INCLUDE: metrics.include ?? [],
            EXCLUDE: metrics.exclude ?? [],
            TAGS: { ...metrics.tags, cluster, node },
          },
        },
      ],
    },
    aggregators: {
      // One metric for all values of a moment that have the same labels.
      merge: [
        {
          period: `${GATHERING_SECONDS}s`,
          grace: interval,
          drop_original: true,
          round_timestamp_to: interval,
        },
      ],
    },
    outputs: { [plugin]: [options], file: [statusOutput()] },
  };
  const text = stringify(literal(configuration));
  return `# Made by cdktf-flink.\n${text}\n`;
}

/** What stands for a text that Terraform alone knows: it is replaced before a node gets it. */
const DOLLAR = /\$(?!\{TfToken\[)/g;

/** Telegraf replaces names of environment variables in texts: none is meant, and two dollars are one. */
function literal(value: unknown): unknown {
  if (typeof value === "string") return value.replace(DOLLAR, "$$$$");
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}
