import { Duration } from "../../../lib/core/duration";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";
import { fillInodes, freeInodes } from "../logs/full-volume";
import type { LogSearch } from "../logs/log-search";
import { QUIET_CHANGE, wishForMissingPart } from "../rolling-change";
import { waitForRoll } from "../two-builds";
import { AlertPlace, AlertProvocation, nodeOf, SHORTEST, submitting } from "./alert-provocations";
import type { JavaMemory, JvmBallast } from "./jvm-ballast/jvm-ballast";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";

/** Where a node is brought to its limits: its logs go into an OpenSearch, and its certificates are good for `VALIDITY`. */
export interface LimitPlace extends AlertPlace {
  readonly search: LogSearch;
  readonly ballast: JvmBallast;
}

type LimitProvocation = AlertProvocation<LimitPlace>;

/** The certificates are renewed when two thirds of it are over: after what else is played, which needs processes that go on. */
const VALIDITY_MINUTES = 36;
export const VALIDITY = Duration.minutes(VALIDITY_MINUTES);
/** Half of it: so a certificate is told of before it is renewed. In earnest it is less than a third. */
const REMAINING = Duration.minutes(VALIDITY_MINUTES / 2);
/** A certificate is new when the node is, and told of by and by. */
export const CERTIFICATE_PATIENCE = VALIDITY.toSeconds() * 1000;
/** What is told of: more than garbage fills. And what is done: less than a process ends of. */
const [LIMIT_PART, FILLED_PERCENT] = [0.7, 78];
const LIMIT_PERCENT = 60;
const CHECKPOINT_TIMEOUT = Duration.seconds(10);

const memory = (unit: string, whose: string, what: JavaMemory, alert: FlinkAlert): LimitProvocation => ({
  what: `an agent that is loaded into the ${whose} by hand fills ${FILLED_PERCENT} % of its ${what}`,
  alerts: [alert],
  provoke: async ({ ballast }) => {
    await ballast.fill(unit, what, FILLED_PERCENT / 100);
    return () => ballast.release(unit);
  },
});

/** Of one process after the other, as what is given back is all of it; both processes at once. */
const MEMORY: readonly (readonly LimitProvocation[])[] = [
  [
    memory(TASK_MANAGER_UNIT, "TaskManager", "heap", FlinkAlert.TASK_MANAGER_HEAP),
    memory(JOB_MANAGER_UNIT, "JobManager", "metaspace", FlinkAlert.JOB_MANAGER_METASPACE),
  ],
  [
    memory(TASK_MANAGER_UNIT, "TaskManager", "metaspace", FlinkAlert.TASK_MANAGER_METASPACE),
    memory(JOB_MANAGER_UNIT, "JobManager", "heap", FlinkAlert.JOB_MANAGER_HEAP),
  ],
];

/** A barrier waits behind thousands of rows, each of which takes its time. */
const SLOW =
  "k, CAST(CHAR_LENGTH(SHA512(REPEAT(CAST(n AS STRING), 60000))) AS BIGINT) FROM (SELECT k, COUNT(*) AS n FROM events GROUP BY k)";

const BESIDE_EACH_OTHER: readonly LimitProvocation[] = [
  {
    what: "a job whose rows take their time, and whose checkpoints wait behind them for more than 8 seconds",
    alerts: [FlinkAlert.CHECKPOINTS_SLOW],
    job: "slow",
    provoke: submitting({
      ...{ names: ["slow"], rowsPerSecond: 5_000_000, select: SLOW },
      settings: { "execution.checkpointing.unaligned.enabled": "false", "execution.checkpointing.timeout": "10 min" },
    }),
  },
  {
    what: `files without content take ${LIMIT_PERCENT + 5} % of the inodes of the data volume`,
    alerts: [FlinkAlert.INODES_FILLING],
    provoke: async (place) => {
      await fillInodes(nodeOf(place), LIMIT_PERCENT + 5);
      return () => freeInodes(nodeOf(place));
    },
  },
  {
    what: "the OpenSearch that logs are shipped to is stopped",
    alerts: [FlinkAlert.LOGS_FAILING],
    provoke: async ({ search }) => {
      await search.stop();
      return () => search.resume();
    },
  },
];

const ROLL: LimitProvocation = {
  what: "a part of what the node is to run is not in the bucket; another change takes its place",
  alerts: [FlinkAlert.ROLL_STOPPED],
  provoke: async ({ deployment }) => {
    await wishForMissingPart(deployment);
    return async () => {
      await deployment.change(QUIET_CHANGE.settings);
      await waitForRoll(deployment, 6);
    };
  },
};

/** In the order in which they are played: those of one group at once. */
export const LIMIT_GROUPS: readonly (readonly LimitProvocation[])[] = [...MEMORY, BESIDE_EACH_OTHER, [ROLL]];

/** Beside all others, as it comes by itself. */
export const CERTIFICATE: LimitProvocation = {
  what: `half of the ${VALIDITY_MINUTES} minutes is over for which certificates are good; they are renewed after two thirds`,
  alerts: [FlinkAlert.CERTIFICATE_EXPIRING],
  provoke: () => Promise.resolve(() => Promise.resolve()),
};

const PLAYED = [...LIMIT_GROUPS.flat(), CERTIFICATE].flatMap(({ alerts }) => alerts);

/** The alerts that are played, with thresholds that a healthy node does not reach. */
export const LIMIT_ALERTS = new FlinkMetricAlerts({
  without: Object.values(FlinkAlert).filter((alert) => !PLAYED.includes(alert)),
  ...{ interval: Duration.seconds(METRICS_INTERVAL_SECONDS), evaluationInterval: Duration.seconds(10) },
  ...{ checkpointTimeout: CHECKPOINT_TIMEOUT, heapPart: LIMIT_PART, heapFor: SHORTEST, metaspacePart: LIMIT_PART },
  ...{ diskPercent: LIMIT_PERCENT, diskFor: SHORTEST, certificateRemaining: REMAINING },
  ...{ logsFailingAfter: SHORTEST, rollStoppedAfter: SHORTEST },
});
