import { Duration } from "../../core/duration";
import { requireLine } from "../../core/require-line";
import { OptionNames, refuse, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import { requireDuration } from "../../settings/ranges";
import { FlinkLogQuery } from "./flink-log-query";
import { DEFAULT_INDEX_PREFIX, indicesWith, requireIndexPrefix } from "./index-names";
import { TIME_FIELD } from "./log-fields";
import { LogQuery } from "./log-query";

/** What every monitor of logs can be told. */
export interface LogMonitorOptions {
  /**
   * Its name: 1 to 100 characters on one line.
   *
   * @default - what it watches, and the prefix of the indices
   */
  readonly name?: string;
  /**
   * What the names of the daily indices begin with, as the `indexPrefix` of the `LogIntegration`.
   *
   * @default logs
   */
  readonly indexPrefix?: string;
  /**
   * How often it looks: 1 minute to 1 day, in whole minutes.
   *
   * @default 1 minute
   */
  readonly interval?: Duration;
  /**
   * How grave an alert is, from 1, the gravest, to 5.
   *
   * @default 2
   */
  readonly severity?: number;
  /**
   * Id of the notification channel of OpenSearch (*Notifications*, *Channels*) that is told of each alert when it begins and
   * when it ends: 1 to 100 letters, digits, `_` and `-`.
   *
   * @default - alerts are seen in *Alerting* alone
   */
  readonly notificationChannelId?: string;
}

/** Options of `LogMonitor.errorRate`. */
export interface ErrorRateMonitorOptions extends LogMonitorOptions {
  /**
   * How many errors of one cluster within the window are too many, 1 to 1,000,000. A restart of a job writes one for each
   * of its tasks and some more.
   *
   * @default 50
   */
  readonly threshold?: number;
  /**
   * Over which time errors are counted: 1 minute to 1 day, in whole minutes.
   *
   * @default 5 minutes
   */
  readonly window?: Duration;
}

/** Options of `LogMonitor.repeatedException`. */
export interface RepeatedExceptionMonitorOptions extends LogMonitorOptions {
  /**
   * How often an exception of one job within the window is too often, 2 to 1,000,000. A failed task writes some lines with
   * its exception, on its node and on the leader.
   *
   * @default 10
   */
  readonly threshold?: number;
  /**
   * Over which time it is counted: 1 minute to 1 day, in whole minutes.
   *
   * @default 15 minutes
   */
  readonly window?: Duration;
}

/** Options of `LogMonitor.silentNode`. */
export interface SilentNodeMonitorOptions extends LogMonitorOptions {
  /**
   * For how long a node has to say nothing: 5 minutes to 12 hours, in whole minutes. A node without work writes a line at
   * least every 30 minutes, when it renews its credentials.
   *
   * @default 1 hour
   */
  readonly silence?: Duration;
  /**
   * Nodes that have said something within this time are watched: twice `silence` to 7 days, in whole minutes. A node that
   * was taken out of its cluster gives an alert for so long.
   *
   * @default 1 day
   */
  readonly watchedFor?: Duration;
}

const OPTIONS: OptionNames<LogMonitorOptions> = {
  name: true,
  indexPrefix: true,
  interval: true,
  severity: true,
  notificationChannelId: true,
};
const ERROR_RATE: OptionNames<ErrorRateMonitorOptions> = { ...OPTIONS, threshold: true, window: true };
const REPEATED: OptionNames<RepeatedExceptionMonitorOptions> = { ...OPTIONS, threshold: true, window: true };
const SILENT: OptionNames<SilentNodeMonitorOptions> = { ...OPTIONS, silence: true, watchedFor: true };

const LONGEST_NAME = 100;
const MOST_LINES = 1_000_000;
const MINUTE = Duration.minutes(1);
const DAY = Duration.days(1);
/** Name under which the buckets stand that are judged one by one. */
const EACH = "each";
/** Buckets of one answer; further ones come with the next. */
const PAGE = 500;

/** What is different from monitor to monitor. */
interface Watch {
  readonly title: string;
  /** Fields whose values together are judged as one. */
  readonly fields: readonly string[];
  readonly query: LogQuery;
  readonly window: Duration;
  /** Counted in each bucket beside its lines. */
  readonly counted: object;
  /** Names of the script's parameters, and where in a bucket they lie. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Painless: whether the bucket is worth an alert. */
  readonly condition: string;
  /** What an alert says, before the bucket. */
  readonly sentence: string;
}

/**
 * Watches the lines of logs and raises alerts: a monitor of the Alerting plugin, one alert for each bucket.
 *
 * https://docs.opensearch.org/latest/observing-your-data/alerting/api/
 */
export class LogMonitor {
  /**
   * Alert for each cluster with more errors than usual: lines of level ERROR, and lines with an exception.
   *
   * @param options thresholds
   */
  public static errorRate(options: ErrorRateMonitorOptions = {}): LogMonitor {
    const of = "LogMonitor.errorRate";
    requireOptionsOf(`the argument of ${of}`, options, ERROR_RATE);
    const threshold = options.threshold ?? 50;
    requireInteger(`threshold of ${of}`, threshold, 1, MOST_LINES, "lines");
    const window = options.window ?? Duration.minutes(5);
    requireMinutes(`window of ${of}`, window, MINUTE, DAY);
    return new LogMonitor(of, options, {
      title: "many errors",
      fields: ["cluster"],
      query: FlinkLogQuery.ERRORS,
      window,
      counted: {},
      parameters: { lines: "_count" },
      condition: `params.lines >= ${threshold}`,
      sentence: `${threshold} errors or more within ${window} in the cluster`,
    });
  }

  /**
   * Alert for each job and exception that is written again and again, as by a job that cannot get on.
   *
   * @param options thresholds
   */
  public static repeatedException(options: RepeatedExceptionMonitorOptions = {}): LogMonitor {
    const of = "LogMonitor.repeatedException";
    requireOptionsOf(`the argument of ${of}`, options, REPEATED);
    const threshold = options.threshold ?? 10;
    requireInteger(`threshold of ${of}`, threshold, 2, MOST_LINES, "lines");
    const window = options.window ?? Duration.minutes(15);
    requireMinutes(`window of ${of}`, window, MINUTE, DAY);
    return new LogMonitor(of, options, {
      title: "repeated exception of a job",
      fields: ["cluster", "job_id", "exception"],
      query: FlinkLogQuery.EXCEPTIONS.and(FlinkLogQuery.OF_JOBS),
      window,
      counted: {},
      parameters: { lines: "_count" },
      condition: `params.lines >= ${threshold}`,
      sentence: `${threshold} lines or more within ${window} with one exception of the job`,
    });
  }

  /**
   * Alert for each node of which no line has come for some time: it is off, cannot reach OpenSearch, or cannot write there.
   *
   * @param options thresholds
   */
  public static silentNode(options: SilentNodeMonitorOptions = {}): LogMonitor {
    const of = "LogMonitor.silentNode";
    requireOptionsOf(`the argument of ${of}`, options, SILENT);
    const silence = options.silence ?? Duration.hours(1);
    requireMinutes(`silence of ${of}`, silence, Duration.minutes(5), Duration.hours(12));
    const watchedFor = options.watchedFor ?? DAY;
    const twice = Duration.millis(2 * silence.toMilliseconds());
    requireMinutes(`watchedFor of ${of}`, watchedFor, twice, Duration.days(7), " and at least twice silence");
    return new LogMonitor(of, options, {
      title: "silent node",
      fields: ["cluster", "node"],
      query: LogQuery.all(),
      window: watchedFor,
      counted: { lately: { filter: { range: { [TIME_FIELD]: lastMinutes(silence) } } } },
      parameters: { lately: "lately>_count" },
      condition: "params.lately == 0",
      sentence: `no line for ${silence} of the node`,
    });
  }

  /** What Alerting lists it as. */
  public readonly name: string;
  private readonly indexPrefix: string;
  private readonly minutes: number;
  private readonly severity: number;
  private readonly channel?: string;

  private constructor(
    of: string,
    options: LogMonitorOptions,
    private readonly watch: Watch,
  ) {
    this.indexPrefix = options.indexPrefix ?? DEFAULT_INDEX_PREFIX;
    requireIndexPrefix(`indexPrefix of ${of}`, this.indexPrefix);
    this.name = options.name ?? nameOf(watch.title, this.indexPrefix);
    requireLine(`name of ${of}`, this.name, LONGEST_NAME);
    const interval = options.interval ?? MINUTE;
    requireMinutes(`interval of ${of}`, interval, MINUTE, DAY);
    this.minutes = minutesOf(interval);
    this.severity = options.severity ?? 2;
    requireInteger(`severity of ${of}`, this.severity, 1, 5);
    if (options.notificationChannelId != null) {
      const allowed = "1 to 100 letters, digits, _ and -, as Channels shows it";
      requireText(`notificationChannelId of ${of}`, options.notificationChannelId, /^[\w-]{1,100}$/, allowed);
    }
    this.channel = options.notificationChannelId ?? undefined;
  }

  /** The body of `POST _plugins/_alerting/monitors`. */
  public toRequest(): { [key: string]: unknown } {
    const { fields, parameters, condition } = this.watch;
    return {
      type: "monitor",
      name: this.name,
      monitor_type: "bucket_level_monitor",
      enabled: true,
      schedule: { period: { interval: this.minutes, unit: "MINUTES" } },
      inputs: [{ search: { indices: [indicesWith(this.indexPrefix)], query: this.search() } }],
      triggers: [
        {
          bucket_level_trigger: {
            name: `${this.watch.title}, by ${fields.join(" and ")}`,
            severity: String(this.severity),
            condition: {
              buckets_path: parameters,
              parent_bucket_path: EACH,
              script: { source: condition, lang: "painless" },
            },
            actions: this.channel === undefined ? [] : [this.notification(this.channel)],
          },
        },
      ],
    };
  }

  /** What it asks each time; Alerting puts the time of its look for `{{period_end}}`. */
  private search(): object {
    const { fields, query, window, counted } = this.watch;
    const sources = fields.map((field) => ({ [field]: { terms: { field } } }));
    return {
      size: 0,
      query: { bool: { must: [query._clause()], filter: [{ range: { [TIME_FIELD]: lastMinutes(window) } }] } },
      aggregations: {
        [EACH]: {
          composite: { size: PAGE, sources },
          ...(Object.keys(counted).length > 0 ? { aggregations: counted } : {}),
        },
      },
    };
  }

  private notification(channel: string): object {
    const { sentence } = this.watch;
    return {
      name: "tell the channel",
      destination_id: channel,
      subject_template: { source: "{{ctx.monitor.name}}", lang: "mustache" },
      message_template: {
        source:
          `{{#ctx.newAlerts}}${sentence} {{bucket_keys}} (since {{ctx.periodEnd}})\n{{/ctx.newAlerts}}` +
          `{{#ctx.completedAlerts}}no longer: ${sentence} {{bucket_keys}}\n{{/ctx.completedAlerts}}`,
        lang: "mustache",
      },
      throttle_enabled: false,
      action_execution_policy: {
        action_execution_scope: { per_alert: { actionable_alerts: ["NEW", "COMPLETED"] } },
      },
    };
  }
}

/** Of a long prefix the beginning: what it watches tells it from others of the prefix. */
function nameOf(title: string, indexPrefix: string): string {
  return `Flink ${indexPrefix.slice(0, LONGEST_NAME - title.length - "Flink : ".length)}: ${title}`;
}

/** The last minutes before the monitor looks, as a condition on the time of lines. */
function lastMinutes(window: Duration): object {
  return {
    gte: `{{period_end}}||-${minutesOf(window)}m`,
    lte: "{{period_end}}",
    format: "epoch_millis",
  };
}

function minutesOf(duration: Duration): number {
  return duration.toMilliseconds() / MINUTE.toMilliseconds();
}

function requireMinutes(property: string, value: Duration, min: Duration, max: Duration, note = ""): void {
  requireDuration(property, value, min, max, `in whole minutes${note}`);
  if (Number.isInteger(minutesOf(value))) return;
  refuse({
    property,
    value,
    allowed: "a whole number of minutes",
    remedy: `use Duration.minutes(${Math.ceil(minutesOf(value))})`,
  });
}
