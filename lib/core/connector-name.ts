/**
 * What Flink's own archive does not hold and jobs need for a system: `kafka`, and beside it `msk-iam`, by which Kafka's
 * clients log in at Amazon MSK as a role of AWS; `jdbc-postgresql` with PostgreSQL's driver; `opensearch`.
 */
export type ConnectorName = "kafka" | "msk-iam" | "jdbc-postgresql" | "opensearch";
