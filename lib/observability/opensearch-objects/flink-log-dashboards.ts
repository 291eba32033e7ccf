import { OptionNames, requireOptionsOf } from "../../core/validation";
import { DashboardsObject } from "./dashboards-object";
import { FlinkLogQuery } from "./flink-log-query";
import { DEFAULT_INDEX_PREFIX, requireIndexPrefix } from "./index-names";
import { IndexPattern } from "./index-pattern";
import { LogCountOverTime } from "./log-count-over-time";
import { LogMetric } from "./log-metric";
import { LogQuery } from "./log-query";
import { LogTable, LogTableColumn } from "./log-table";
import { LogTopTerms } from "./log-top-terms";
import { OpenSearchDashboard } from "./opensearch-dashboard";
import { SavedSearch } from "./saved-search";

/** What `FlinkLogDashboards` can be told. */
export interface FlinkLogDashboardsProps {
  /**
   * What the names of the daily indices begin with, as the `indexPrefix` of the `LogIntegration`: 2 to 200 lower-case
   * letters, digits, `-`, `_` and `.`, beginning with a letter or a digit.
   *
   * @default logs
   */
  readonly indexPrefix?: string;
}

const PROPS: OptionNames<FlinkLogDashboardsProps> = { indexPrefix: true };

/**
 * What this library brings for the logs of Flink clusters: an index pattern, saved searches and an overview. The command
 * `npx cdktf-flink dashboards` writes the same.
 */
export class FlinkLogDashboards {
  /** The daily indices. */
  public readonly indexPattern: IndexPattern;
  /** Lines of level ERROR, and lines with an exception. */
  public readonly errors: SavedSearch;
  /** Jobs that began anew or failed for good. */
  public readonly restarts: SavedSearch;
  /** Checkpoints that failed, and why. */
  public readonly checkpointFailures: SavedSearch;
  /** JobManagers that became the leader or ceased to be it. */
  public readonly leaderChanges: SavedSearch;
  /** What the agents of the nodes did: starts, rolling changes, renewals. */
  public readonly agents: SavedSearch;
  /** What the kernels said, and memory that was used up. */
  public readonly kernel: SavedSearch;
  /** Lines that belong to a job, the oldest first: add a filter on `job_id`. */
  public readonly jobLines: SavedSearch;
  /** How the clusters were at a glance: `add` puts panels of your own on it. */
  public readonly overview: OpenSearchDashboard;

  public constructor(props: FlinkLogDashboardsProps = {}) {
    requireOptionsOf("props of FlinkLogDashboards", props, PROPS);
    const indexPrefix = props.indexPrefix ?? DEFAULT_INDEX_PREFIX;
    requireIndexPrefix("indexPrefix of FlinkLogDashboards", indexPrefix);
    const indexPattern = new IndexPattern({ indexPrefix });
    this.indexPattern = indexPattern;
    const search = (title: string, description: string, query: LogQuery, more: object = {}): SavedSearch =>
      new SavedSearch({ title: `Flink: ${title}`, description, query, indexPattern, ...more });

    this.errors = search("errors", "Lines of level ERROR, and lines with an exception", FlinkLogQuery.ERRORS, {
      columns: ["level", "node", "job_id", "logger", "exception", "message"],
    });
    this.restarts = search(
      "restarts of jobs",
      "Jobs that began anew or failed for good",
      FlinkLogQuery.JOB_RESTARTS.or(FlinkLogQuery.FAILED_JOBS),
      { columns: ["cluster", "job_id", "message", "exception"] },
    );
    this.checkpointFailures = search(
      "failures of checkpoints",
      "Checkpoints that failed, were declined by a task or took too long",
      FlinkLogQuery.CHECKPOINT_TROUBLE,
      { columns: ["cluster", "job_id", "message", "exception"] },
    );
    this.leaderChanges = search(
      "changes of the leader",
      "JobManagers that became the leader or ceased to be it",
      FlinkLogQuery.LEADER_CHANGES,
      { columns: ["cluster", "node", "logger", "message"] },
    );
    this.agents = search(
      "agents and rolling changes",
      "What the agents of the nodes did: starts, desired states, rolling changes, renewals",
      FlinkLogQuery.AGENT,
      { columns: ["cluster", "node", "message"] },
    );
    this.kernel = search(
      "kernel and memory",
      "What the kernels said, and memory that was used up, whoever said so",
      FlinkLogQuery.KERNEL,
      { columns: ["role", "node", "unit", "message"] },
    );
    this.jobLines = search(
      "lines of jobs",
      "Lines that belong to a job, the oldest first: add a filter on job_id for one job",
      FlinkLogQuery.OF_JOBS,
      { columns: ["level", "node", "role", "job_id", "logger", "message"], oldestFirst: true },
    );
    this.overview = this.makeOverview();
  }

  /** All of it, to hand to `SavedObjects.of`. */
  public get objects(): DashboardsObject[] {
    return [...this.searches, this.overview];
  }

  /** The saved searches. */
  public get searches(): SavedSearch[] {
    return [
      this.errors,
      this.restarts,
      this.checkpointFailures,
      this.leaderChanges,
      this.agents,
      this.kernel,
      this.jobLines,
    ];
  }

  private makeOverview(): OpenSearchDashboard {
    const { indexPattern } = this;
    const { ERRORS, EXCEPTIONS, JOB_RESTARTS, FAILED_JOBS, FAILED_CHECKPOINTS, LEADER_CHANGES } = FlinkLogQuery;
    const overview = new OpenSearchDashboard({
      title: "Flink: overview of logs",
      description: "How the clusters were: lines, errors, restarts of jobs, failures of checkpoints, silent nodes",
      objectId: `flink-${indexPattern.indexPrefix}-overview`,
    });
    const metric = (title: string, query?: LogQuery): void =>
      overview.add({
        panel: new LogMetric({ title: `Flink: number of ${title}`, label: title, query, indexPattern }),
        width: 8,
        height: 7,
      });
    metric("lines");
    metric("errors", ERRORS);
    metric("restarts of jobs", JOB_RESTARTS);
    metric("failed jobs", FAILED_JOBS);
    metric("failed checkpoints", FAILED_CHECKPOINTS);
    metric("changes of the leader", LEADER_CHANGES);

    const overTime = (title: string, splitBy: string, query?: LogQuery): void =>
      overview.add({ panel: new LogCountOverTime({ title: `Flink: ${title}`, splitBy, query, indexPattern }) });
    overTime("lines by level", "level");
    overTime("lines by node", "node");

    const top = (title: string, field: string): void =>
      overview.add({
        panel: new LogTopTerms({ title: `Flink: ${title}`, field, query: ERRORS, indexPattern }),
        width: 16,
      });
    top("errors by job", "job_id");
    top("errors by node", "node");
    top("errors by logger", "logger");

    overTime("restarts by job", "job_id", JOB_RESTARTS);
    overTime("failed checkpoints by job", "job_id", FAILED_CHECKPOINTS);

    const table = (title: string, fields: string[], columns: LogTableColumn[], query?: LogQuery): void =>
      overview.add({ panel: new LogTable({ title: `Flink: ${title}`, fields, columns, query, indexPattern }) });
    table("exceptions", ["exception", "role"], [LogTableColumn.LAST_LINE], EXCEPTIONS);
    // Of a silent node the last line is old.
    table("last line of each node", ["cluster", "node"], [LogTableColumn.LAST_LINE]);
    // Lines of a process are numbered without a gap: fewer lines than numbers from the lowest to the highest were lost.
    overview.add({
      panel: new LogTable({
        title: "Flink: numbers of lines, from the lowest to the highest without a gap",
        fields: ["node", "role", "run"],
        columns: [LogTableColumn.LOWEST_NUMBER, LogTableColumn.HIGHEST_NUMBER, LogTableColumn.LAST_LINE],
        query: LogQuery.exists("sequence"),
        indexPattern,
      }),
      width: 48,
    });
    overview.add({ panel: this.errors, width: 48, height: 20 });
    return overview;
  }
}
