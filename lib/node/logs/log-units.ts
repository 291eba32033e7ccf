/** The programs that ship logs, as systemd knows them. */
export const LOG_COLLECTOR_UNIT = "flink-log-collector.service";
export const LOG_EXPORTER_UNIT = "flink-log-exporter.service";
