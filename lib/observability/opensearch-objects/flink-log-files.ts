import { FlinkLogDashboards } from "./flink-log-dashboards";
import { logIndexTemplate, logIndexTemplateName } from "./index-template";
import { LogMonitor } from "./log-monitor";
import { logRetentionPolicy, logRetentionPolicyId } from "./retention-policy";
import { SavedObjects } from "./saved-objects";

/** A file for OpenSearch or its Dashboards. */
export interface FlinkLogFile {
  readonly name: string;
  /** What it is for, without a full stop. */
  readonly purpose: string;
  readonly text: string;
}

interface Request extends FlinkLogFile {
  /** Of OpenSearch, as its documentation and the *Dev Tools* of Dashboards write one. */
  readonly request: string;
}

/** The file that Dashboards imports. */
export const SAVED_OBJECTS_FILE = "saved-objects.ndjson";
/** All requests, to be pasted. */
export const DEV_TOOLS_FILE = "dev-tools.txt";

/** All that this library brings for the logs of one prefix, as files. */
export function flinkLogFiles(indexPrefix: string, retentionDays: number): FlinkLogFile[] {
  const requests = requestsOf(indexPrefix, retentionDays);
  return [
    {
      name: SAVED_OBJECTS_FILE,
      purpose: "index pattern, saved searches and the overview",
      text: SavedObjects.of(...new FlinkLogDashboards({ indexPrefix }).objects).toNdjson(),
    },
    ...requests.map(({ name, purpose, text }) => ({ name, purpose, text })),
    {
      name: DEV_TOOLS_FILE,
      purpose: "the requests that take the other files, with their bodies",
      text: requests.map(({ purpose, request, text }) => `# ${purpose}\n${request}\n${text}`).join("\n"),
    },
  ];
}

function requestsOf(indexPrefix: string, retentionDays: number): Request[] {
  const of = { indexPrefix };
  return [
    {
      name: "index-template.json",
      purpose: "types of the fields of new daily indices",
      request: `PUT _index_template/${logIndexTemplateName(indexPrefix)}`,
      text: pretty(logIndexTemplate(indexPrefix)),
    },
    {
      name: "retention-policy.json",
      purpose: `deletes daily indices whose lines are ${retentionDays === 1 ? "a day" : `${retentionDays} days`} old`,
      request: `PUT _plugins/_ism/policies/${logRetentionPolicyId(indexPrefix)}`,
      text: pretty(logRetentionPolicy(indexPrefix, retentionDays)),
    },
    monitor("error-rate", "alert for each cluster with many errors", LogMonitor.errorRate(of)),
    monitor("repeated-exception", "alert for each repeated exception of a job", LogMonitor.repeatedException(of)),
    monitor("silent-node", "alert for each node of which no line comes", LogMonitor.silentNode(of)),
  ];
}

function monitor(name: string, purpose: string, made: LogMonitor): Request {
  const text = pretty(made.toRequest());
  return { name: `monitor-${name}.json`, purpose, request: "POST _plugins/_alerting/monitors", text };
}

function pretty(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
