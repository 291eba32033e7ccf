import { AcrossSeries, OverTime } from "../../../metrics/metric-reduction";
import { TASK_MANAGER_UNIT } from "../../../node/flink-services";
import { MetricUnit } from "../../grafana/metric-unit";
import { AlertSeverity } from "../alert-severity";
import { FlinkAlert } from "../flink-alert";
import type { FlinkMetricAlertsSettings } from "../flink-metric-alerts-settings";
import { MetricCondition } from "../metric-condition";
import { FlinkAlertDefinition, halfEach, HIGHEST, OF } from "./flink-alert-definition";

/** Of what is 1 or 0. */
const IS_OFF = MetricCondition.below(0.5);
const IS_ON = MetricCondition.above(0.5);

/** Whether a cluster has what jobs need of it. */
export function clusterAlerts(settings: FlinkMetricAlertsSettings): readonly FlinkAlertDefinition[] {
  return [
    {
      alert: FlinkAlert.NO_LEADER,
      // Only a JobManager that leads tells it. (What agents know of the leader they know by their TaskManagers, which may be away.)
      query: {
        ...{ measurement: "flink_jobmanager", field: "numRegisteredTaskManagers", by: OF.cluster },
        ...{ ...HIGHEST, overTime: OverTime.COUNT },
      },
      condition: IS_OFF,
      window: settings.noLeaderAfter,
      isWatched: true,
      severity: AlertSeverity.CRITICAL,
      summary: "No JobManager of {{cluster}} leads",
      description:
        "No job can be submitted or begin anew. Leaders are elected in ZooKeeper: see whether it has its quorum.",
    },
    {
      alert: FlinkAlert.NO_QUORUM,
      // A server without a quorum does not answer.
      query: {
        measurement: "cdktf_flink_zookeeper",
        field: "leads",
        by: OF.cluster,
        ...HIGHEST,
        overTime: OverTime.MAX,
      },
      condition: IS_OFF,
      ...halfEach(settings.noQuorumAfter),
      isWatched: true,
      severity: AlertSeverity.CRITICAL,
      summary: "ZooKeeper of {{cluster}} has no quorum",
      description:
        "Most of its servers are away: Flink elects no leader and no job begins anew. Bring back the nodes that have ZooKeeper.",
    },
    {
      alert: FlinkAlert.TASK_MANAGER_MISSING,
      query: {
        ...{ measurement: "cdktf_flink_unit", field: "healthy", where: { unit: TASK_MANAGER_UNIT }, by: OF.node },
        ...{ ...HIGHEST, overTime: OverTime.MAX },
      },
      condition: IS_OFF,
      ...halfEach(settings.taskManagerMissingAfter),
      severity: AlertSeverity.CRITICAL,
      summary: "The TaskManager of {{node}} is not registered with the leader of {{cluster}}",
      description:
        "Its slots are lost to jobs. Its log on that node says whether it ends again and again, or does not find the leader.",
    },
    {
      alert: FlinkAlert.NO_FREE_SLOTS,
      query: {
        ...{ measurement: "flink_jobmanager", field: "taskSlotsAvailable", by: OF.cluster },
        ...{ ...HIGHEST, overTime: OverTime.MAX },
      },
      condition: IS_OFF,
      ...halfEach(settings.noFreeSlotsAfter),
      severity: AlertSeverity.WARNING,
      summary: "{{cluster}} has no free slot",
      description: "After the loss of a node, jobs wait for it. Add nodes or slots, or lower the parallelism of a job.",
    },
    {
      alert: FlinkAlert.ROLL_STOPPED,
      query: {
        ...{ measurement: "cdktf_flink_node", field: "change_pending", by: OF.node },
        ...{ ...HIGHEST, overTime: OverTime.MIN },
      },
      condition: IS_ON,
      ...halfEach(settings.rollStoppedAfter),
      severity: AlertSeverity.WARNING,
      summary: "{{node}} of {{cluster}} has a change that it does not make",
      description:
        "The rolling change stopped, or goes on for long. npx cdktf-flink status says at which node, and why.",
    },
    {
      alert: FlinkAlert.CERTIFICATE_EXPIRING,
      query: {
        ...{ measurement: "cdktf_flink_certificate", field: "remaining_seconds", by: [...OF.node, "process"] },
        ...{ across: AcrossSeries.MIN, overTime: OverTime.LAST },
      },
      condition: MetricCondition.below(settings.certificateRemaining),
      window: settings.moment,
      severity: AlertSeverity.CRITICAL,
      unit: MetricUnit.SECONDS,
      summary: "The certificate of {{process}} of {{node}} ends in {{value}}",
      description: "It should have been renewed by now. npx cdktf-flink status says what hinders it.",
    },
  ];
}
