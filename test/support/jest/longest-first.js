/** Plain JavaScript, as Jest does not transform what decides on the order of the tests. */
const { existsSync } = require("node:fs");
const path = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

const root = path.resolve(__dirname, "../../..");

/** What takes longest of each project, the longest first. */
const LONGEST = [
  "test/connectors/opensearch.test.ts",
  "test/node/agent-private-authorities.test.ts",
  "test/operate/commands.test.ts",
  "test/dataflow/provisioning/kafka/provide-topics.test.ts",
  "test/cluster/bad-input-of-others.test.ts",
  "test/node/agent-certificates.test.ts",
  "test/dataflow/provisioning/postgresql/provide-database.test.ts",
  "test/dataflow/provisioning/opensearch/provide-domain.test.ts",
  "test/observability/opensearch-objects/on-opensearch.test.ts",
  "test/cluster/bad-input-of-systems.test.ts",
  "test/node/roll/line-crashes.test.ts",
  "test/node/roll/roll-crashes.test.ts",
  "test/emulator/alarms.test.ts",
  "test/emulator/network-and-storage.test.ts",
  "test/emulator/kafka-cluster.test.ts",
  "test/emulator/replace.test.ts",
  "test/emulator/ci.test.ts",
  "test/emulator/grafana-dashboards.test.ts",
  "test/emulator/pipeline.test.ts",
  "test/emulator/postgresql-cluster.test.ts",
  "test/emulator/private-ca.test.ts",
  "test/emulator/existing-key.test.ts",
  "test/emulator/log-integration.test.ts",
  "test/emulator/opensearch-cluster.test.ts",
  "test/scenarios/metrics/telegraf-influxdb.test.ts",
  "test/scenarios/metrics/telegraf-postgresql.test.ts",
].map((file) => path.join(root, file));

/**
 * In a clean clone Jest does not know how long a test takes, and begins with the largest file. What takes longest and is
 * short would come last, and at the end one core would wait for the other.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const missing = LONGEST.find((file) => !existsSync(file));
    if (missing) throw new Error(`${missing} is not there: take it out of ${__filename}, or give it its new name`);
    const rank = ({ path: file }) => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
