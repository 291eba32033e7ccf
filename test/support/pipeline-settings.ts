import path from "node:path";

const file = (name: string): string => path.join(__dirname, "pipeline", name);

/** Every setting of stacks/pipeline that is not for another way to log in. */
export const PIPELINE_SETTINGS = {
  FLINK_SOURCE_BROKERS:
    "b-1.shop.abc123.c2.kafka.eu-west-1.amazonaws.com:9098,b-2.shop.abc123.c2.kafka.eu-west-1.amazonaws.com:9098",
  FLINK_SOURCE_TOPICS: "orders,customers",
  FLINK_SOURCE_SECURITY_GROUP: "sg-0123456789abcdef0",
  FLINK_SOURCE_CLUSTER_ARN: "arn:aws:kafka:eu-west-1:123456789012:cluster/shop/01234567-89ab-cdef-0123-456789abcdef-2",
  FLINK_SOURCE_VPC: "vpc-0123456789abcdef0",
  FLINK_SOURCE_CIDRS: "10.20.0.0/24,10.20.1.0/24",
  FLINK_SOURCE_ROUTE_TABLES: "rtb-0123456789abcdef0",
  FLINK_SINK_TOPICS: "orders-enriched:6,alerts:1",
  FLINK_SINK_DATABASE: "company",
  FLINK_SINK_SCHEMA: "analytics",
  FLINK_SINK_TABLES: file("tables.sql"),
  FLINK_SINK_INDICES: "orders-*",
  FLINK_SINK_MAPPINGS: file("mappings.json"),
  FLINK_SINK_FILES: "orders-enriched/",
} as const;
