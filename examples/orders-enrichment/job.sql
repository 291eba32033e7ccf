-- Orders with the country of their customer: into a topic of another Kafka cluster and into files exactly once, into
-- OpenSearch once per order, and summed up by country into PostgreSQL. What is between < and > is in the outputs `sink_brokers`
-- and `files_path` of the stacks, and as docs/postgresql.md and docs/kafka.md say.
SET 'pipeline.name' = 'orders-enrichment';
SET 'execution.checkpointing.interval' = '10 s';

CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, amount DECIMAL(10, 2)) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'format' = 'json',
  'scan.startup.mode' = 'earliest-offset',
  'properties.group.id' = 'streaming-flink.orders-enrichment',
  'properties.bootstrap.servers' = '<source_brokers>',
  'properties.security.protocol' = 'SASL_SSL',
  'properties.sasl.mechanism' = 'AWS_MSK_IAM',
  'properties.sasl.jaas.config' = 'software.amazon.msk.auth.iam.IAMLoginModule required;',
  'properties.sasl.client.callback.handler.class' = 'software.amazon.msk.auth.iam.IAMClientCallbackHandler'
);

CREATE TABLE customers (customer_id BIGINT, country STRING)
  WITH ('topic' = 'customers')
  LIKE orders (EXCLUDING ALL INCLUDING OPTIONS OVERWRITING OPTIONS);

CREATE TABLE orders_enriched (order_id BIGINT, customer_id BIGINT, country STRING, amount DECIMAL(10, 2)) WITH (
  'connector' = 'kafka',
  'topic' = 'orders-enriched',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'streaming-flink.orders-enriched',
  'properties.bootstrap.servers' = '<sink_brokers>',
  'properties.security.protocol' = 'SASL_SSL',
  'properties.sasl.mechanism' = 'AWS_MSK_IAM',
  'properties.sasl.jaas.config' = 'software.amazon.msk.auth.iam.IAMLoginModule required;',
  'properties.sasl.client.callback.handler.class' = 'software.amazon.msk.auth.iam.IAMClientCallbackHandler'
);

CREATE TABLE files (order_id BIGINT, customer_id BIGINT, country STRING, amount DECIMAL(10, 2)) WITH (
  'connector' = 'filesystem',
  'path' = '<files_path>',
  'format' = 'json'
);

CREATE TABLE search (
  order_id BIGINT, customer_id BIGINT, country STRING, amount DECIMAL(10, 2), PRIMARY KEY (order_id) NOT ENFORCED
) WITH ('connector' = 'opensearch', 'connection' = 'search', 'index' = 'orders-enriched');

CREATE TABLE revenue_by_country (
  country STRING, orders BIGINT, revenue DECIMAL(20, 2), PRIMARY KEY (country) NOT ENFORCED
) WITH ('connector' = 'jdbc', 'url' = '<jdbc:postgresql://…>', 'table-name' = 'analytics.revenue_by_country');

CREATE TEMPORARY VIEW enriched AS
  SELECT order_id, orders.customer_id, country, amount
  FROM orders JOIN customers ON orders.customer_id = customers.customer_id;

EXECUTE STATEMENT SET BEGIN
  INSERT INTO orders_enriched SELECT * FROM enriched;
  INSERT INTO files SELECT * FROM enriched;
  INSERT INTO search SELECT * FROM enriched;
  INSERT INTO revenue_by_country SELECT country, COUNT(*), SUM(amount) FROM enriched GROUP BY country;
END;
