/** By what whoever reads metrics narrows them, such as by a variable at the top of a dashboard. */
export type MetricVariable = "cluster" | "node" | "job";

/** The label that a variable is about. */
export const LABEL_OF: Readonly<Record<MetricVariable, string>> = {
  cluster: "cluster",
  node: "node",
  job: "job_name",
};

/** What all values of one measurement have in common. */
export interface MeasurementLabels {
  /** Labels that together tell one series from another. */
  readonly labels: readonly string[];
  /** Those of them that are others once the same thing has begun anew, maybe elsewhere. */
  readonly passing?: readonly string[];
  /** By what it is narrowed. */
  readonly variables: readonly MetricVariable[];
}

const ofNode = (...more: string[]): MeasurementLabels => ({
  labels: ["cluster", "node", ...more],
  variables: ["cluster", "node"],
});

/** What nodes ship, by the names under which it arrives: see `names.star` and `telegraf-inputs.ts`. */
export const MEASUREMENTS: Readonly<Record<string, MeasurementLabels>> = {
  flink_jobmanager: ofNode(),
  // Of the leader alone, whichever node that is: a person who chooses other nodes means their work.
  flink_jobmanager_job: {
    labels: ["cluster", "node", "job_id", "job_name"],
    passing: ["node"],
    variables: ["cluster", "job"],
  },
  flink_taskmanager: ofNode(),
  flink_taskmanager_job_task: {
    labels: ["cluster", "node", "job_id", "job_name", "task_id", "task_name", "subtask_index", "task_attempt_id"],
    passing: ["node", "task_attempt_id"],
    variables: ["cluster", "node", "job"],
  },
  cdktf_flink_node: ofNode(),
  cdktf_flink_roll: ofNode("phase"),
  cdktf_flink_unit: ofNode("unit"),
  cdktf_flink_certificate: ofNode("process"),
  cdktf_flink_clock: ofNode(),
  cdktf_flink_logs: ofNode(),
  cdktf_flink_agent: ofNode(),
  cdktf_flink_zookeeper: ofNode(),
  cpu: ofNode(),
  mem: ofNode(),
  system: ofNode(),
  kernel: ofNode(),
  disk: ofNode("path"),
  diskio: ofNode("name"),
  net: ofNode("interface"),
  internal_agent: ofNode(),
  internal_gather: ofNode("input"),
  internal_write: ofNode("output"),
};
