-- Orders with the country of their customer: into a topic of another Kafka cluster and into files exactly once, into
-- OpenSearch one document per order, and summed up by country into PostgreSQL.
--
-- The tables of the database `connections` are the output `connection_tables` of the stack `streaming`: main.ts says how this
-- is run.
SET 'pipeline.name' = 'orders-enrichment';
SET 'execution.checkpointing.interval' = '10 s';

CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, amount DECIMAL(10, 2)) WITH (
  'topic' = 'orders',
  'format' = 'json',
  'scan.startup.mode' = 'earliest-offset',
  'properties.group.id' = 'orders.orders-enrichment'
) LIKE connections.`source`;

CREATE TABLE customers (customer_id BIGINT, country STRING) WITH (
  'topic' = 'customers',
  'format' = 'json',
  'scan.startup.mode' = 'earliest-offset',
  'properties.group.id' = 'orders.orders-enrichment'
) LIKE connections.`source`;

CREATE TABLE orders_enriched (order_id BIGINT, customer_id BIGINT, country STRING, amount DECIMAL(10, 2)) WITH (
  'topic' = 'orders-enriched',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'orders.orders-enriched',
  -- At most what brokers take (transaction.max.timeout.ms, 15 minutes where nobody changed it); a job that is away for
  -- longer than this loses what it wrote after its last checkpoint.
  'properties.transaction.timeout.ms' = '900000'
) LIKE connections.`sink`;

CREATE TABLE files (order_id BIGINT, customer_id BIGINT, country STRING, amount DECIMAL(10, 2)) WITH (
  'format' = 'json',
  -- A file can be seen once it is ended, and the checkpoint after that is complete: Flink's own default is 30 minutes.
  'sink.rolling-policy.rollover-interval' = '1 min',
  'sink.rolling-policy.check-interval' = '10 s'
) LIKE connections.`files/orders-enriched`;

CREATE TABLE documents (
  order_id BIGINT, customer_id BIGINT, country STRING, amount DECIMAL(10, 2), PRIMARY KEY (order_id) NOT ENFORCED
) WITH ('index' = 'orders-enriched') LIKE connections.`search`;

CREATE TABLE revenue_by_country (
  country STRING, orders BIGINT, revenue DECIMAL(20, 2), PRIMARY KEY (country) NOT ENFORCED
) WITH ('table-name' = 'analytics.revenue_by_country') LIKE connections.`analytics`;

CREATE TEMPORARY VIEW enriched AS
  SELECT order_id, orders.customer_id, country, amount
  FROM orders JOIN customers ON orders.customer_id = customers.customer_id;

EXECUTE STATEMENT SET BEGIN
  INSERT INTO orders_enriched SELECT * FROM enriched;
  INSERT INTO files SELECT * FROM enriched;
  INSERT INTO documents SELECT * FROM enriched;
  INSERT INTO revenue_by_country
    SELECT country, COUNT(*), CAST(SUM(amount) AS DECIMAL(20, 2)) FROM enriched GROUP BY country;
END;
