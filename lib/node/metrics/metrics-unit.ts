/** The program that ships metrics, as systemd knows it. */
export const METRICS_UNIT = "flink-metrics.service";
