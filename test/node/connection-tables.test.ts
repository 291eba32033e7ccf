import { connectionTablesSql } from "../../lib/node/connection-tables";

test("each connection is a table without columns, in a database of its own", () => {
  const sql = connectionTablesSql([
    { name: "orders", tableOptions: { connector: "kafka", "properties.x": "it's ${file:/a:b}" } },
    { name: "search-2", tableOptions: { connector: "opensearch", connection: "search-2" } },
  ]);
  expect(sql).toBe(`CREATE DATABASE IF NOT EXISTS connections;

CREATE TABLE IF NOT EXISTS connections.\`orders\` WITH (
  'connector' = 'kafka',
  'properties.x' = 'it''s \${file:/a:b}'
);

CREATE TABLE IF NOT EXISTS connections.\`search-2\` WITH (
  'connector' = 'opensearch',
  'connection' = 'search-2'
);
`);
});
