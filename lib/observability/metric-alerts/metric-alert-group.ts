import { stringify } from "yaml";
import { Duration } from "../../core/duration";
import { requireLine } from "../../core/require-line";
import { OptionNames, refuse, requireInstance, requireMap, requireOptionsOf, requireText } from "../../core/validation";
import { MetricStore, requireMetricStore } from "../grafana/metric-store";
import { requirePlainText } from "./alert-text";
import { grafanaRules } from "./grafana-rules";
import { MetricAlert, wholeSeconds } from "./metric-alert";
import { prometheusRules } from "./prometheus-rules";

/** What a `MetricAlertGroup` can be told. */
export interface MetricAlertGroupProps {
  /** Its name, once in Prometheus and in Grafana: 1 to 100 characters on one line, without `$`, a backtick, `{{` and `}}`. */
  readonly name: string;
  /**
   * How often its rules are looked at: 10 seconds to 10 minutes, in whole tens of seconds as Grafana has it.
   *
   * @default Duration.minutes(1)
   */
  readonly evaluationInterval?: Duration;
  /**
   * Labels of all its alerts beside `severity` and those of the query, such as `{ team: "orders" }`: at most 20, none of them of a name
   * that lines of its alerts have.
   *
   * @default - none
   */
  readonly labels?: { [name: string]: string };
}

/** Where Grafana finds what a group's rules look at. */
export interface GrafanaRulesProps {
  /** Where metrics are. */
  readonly store: MetricStore;
  /** The `uid` of the data source in Grafana: 1 to 40 letters, digits, `-` and `_`. */
  readonly dataSourceUid: string;
  /**
   * The folder of Grafana that the rules are in, which is made where it is not there: 1 to 100 characters on one line, without
   * `$`, a backtick, `{{` and `}}`.
   *
   * @default Flink
   */
  readonly folder?: string;
}

const PROPS: OptionNames<MetricAlertGroupProps> = { name: true, evaluationInterval: true, labels: true };
const GRAFANA: OptionNames<GrafanaRulesProps> = { store: true, dataSourceUid: true, folder: true };
/** Two underlines are for Prometheus and Grafana themselves. */
const LABEL = /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const MOST_LABELS = 20;
const UID = /^[A-Za-z0-9_-]{1,40}$/;
const TENS = 10;

/** Alerts that are looked at together: a file of rules for Prometheus, or for Grafana. */
export class MetricAlertGroup {
  /** Its name. */
  public readonly name: string;
  private readonly intervalSeconds: number;
  private readonly labels: Readonly<Record<string, string>>;
  private readonly added: MetricAlert[] = [];

  public constructor(props: MetricAlertGroupProps) {
    requireOptionsOf("props of MetricAlertGroup", props, PROPS, '{ name: "Orders" }');
    requirePlainLine("name of MetricAlertGroup", props.name, 100);
    const interval = props.evaluationInterval ?? Duration.minutes(1);
    this.intervalSeconds = requireTens("evaluationInterval of MetricAlertGroup", interval);
    const labels = props.labels ?? {};
    requireLabels("labels of MetricAlertGroup", labels);
    this.name = props.name;
    this.labels = { ...labels };
  }

  /** What is in it, in its order. */
  public get alerts(): MetricAlert[] {
    return [...this.added];
  }

  /**
   * Puts one more alert into it.
   *
   * @param alert one of a name that is not in it yet
   */
  public add(alert: MetricAlert): void {
    const property = "the argument of MetricAlertGroup.add";
    requireInstance(property, alert, MetricAlert, "new MetricAlert({ … })");
    if (this.added.some(({ name }) => name === alert.name)) {
      refuse({
        property: `name of ${property}`,
        value: alert.name,
        allowed: "a name that is not in the group yet",
        remedy: "choose another name",
      });
    }
    // Prometheus and Grafana would put it over that of the metric: each alert would be of the same cluster or node.
    const covered = alert.query._by.find((label) => Object.hasOwn(this.labels, label));
    if (covered !== undefined) {
      refuse({
        property: "a key of labels of MetricAlertGroup",
        value: covered,
        allowed: `another label than those of the lines of ${alert.name}, which are ${alert.query._by.join(", ")}`,
        remedy: "choose another name for it",
      });
    }
    this.added.push(alert);
  }

  /** As a file of `rule_files` of Prometheus, and what takes the same, such as Amazon's, Thanos and Mimir: YAML. */
  public toPrometheusRules(): string {
    const { name: group, intervalSeconds, labels } = this;
    return yaml(prometheusRules(this.added, { group, intervalSeconds, labels }));
  }

  /**
   * As a file of `provisioning/alerting` of Grafana 10.3 and later: YAML.
   *
   * @param props where Grafana finds the metrics
   */
  public toGrafanaRules(props: GrafanaRulesProps): string {
    const property = "the argument of MetricAlertGroup.toGrafanaRules";
    requireOptionsOf(property, props, GRAFANA, '{ store: new PrometheusStore(), dataSourceUid: "prometheus" }');
    const { store, dataSourceUid } = props;
    requireMetricStore(`store of ${property}`, store);
    requireDataSourceUid(`dataSourceUid of ${property}`, dataSourceUid);
    const folder = props.folder ?? "Flink";
    requirePlainLine(`folder of ${property}`, folder, 100);
    const { name: group, intervalSeconds, labels } = this;
    return yaml(grafanaRules(this.added, { group, folder, intervalSeconds, labels, store, dataSourceUid }));
  }
}

/** Refuses what Grafana has as the uid of no data source. */
export function requireDataSourceUid(property: string, value: unknown): asserts value is string {
  requireText(property, value, UID, "1 to 40 letters, digits, - and _");
}

function yaml(content: object): string {
  return `# Made by cdktf-flink.\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function requirePlainLine(property: string, value: unknown, longest: number): void {
  requireLine(property, value, longest);
  requirePlainText(property, value);
}

function requireTens(property: string, value: Duration): number {
  const seconds = wholeSeconds(property, value, Duration.seconds(TENS), Duration.minutes(10));
  if (seconds % TENS === 0) return seconds;
  return refuse({
    property,
    value,
    allowed: "a whole number of tens of seconds, as Grafana has it",
    remedy: `use for example Duration.seconds(${Math.ceil(seconds / TENS) * TENS})`,
  });
}

function requireLabels(property: string, labels: unknown): void {
  requireMap(property, labels);
  const entries = Object.entries(labels);
  if (entries.length > MOST_LABELS || entries.some(([name]) => name === "severity")) {
    refuse({
      property,
      value: labels,
      allowed: `at most ${MOST_LABELS} labels, and not severity, which each alert has of its own`,
      remedy: 'write for example { team: "orders" }',
    });
  }
  for (const [name, value] of entries) {
    requireText(
      `a key of ${property}`,
      name,
      LABEL,
      "1 to 100 letters, digits and _, not beginning with a digit or __",
    );
    requirePlainLine(`${property.replace("labels", `labels["${name}"]`)}`, value, 200);
  }
}
