import { METRICS_STATUS_FILE } from "../paths";

/** How the output to the agent is told from the one to the destination. */
export const STATUS_ALIAS = "status";
/** Measurement of the copy that names.star makes of what Telegraf says of its outputs. */
export const STATUS_MEASUREMENT = "cdktf_flink_status";

/** In memory, and there is one older file beside it. */
const LARGEST_FILE = "64KiB";

/** Lines of JSON with what Telegraf has written, dropped and kept, for the agent. */
export function statusOutput(): object {
  return {
    alias: STATUS_ALIAS,
    files: [METRICS_STATUS_FILE],
    namepass: [STATUS_MEASUREMENT],
    data_format: "json",
    rotation_max_size: LARGEST_FILE,
    rotation_max_archives: 1,
    metric_buffer_limit: 1_000,
  };
}
