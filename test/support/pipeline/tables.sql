-- What the job writes, by country.
CREATE TABLE IF NOT EXISTS revenue_by_country (
  country text PRIMARY KEY,
  orders bigint NOT NULL,
  revenue numeric(20, 2) NOT NULL
);

-- Read by the dashboard,
-- newest first.
CREATE INDEX IF NOT EXISTS revenue_by_country_revenue ON revenue_by_country (revenue);
COMMENT ON TABLE revenue_by_country IS 'sums; by country'
