import { LogQuery } from "./log-query";

/** One word to OpenSearch, which parts none at a full stop between letters. */
const OUT_OF_MEMORY = "java.lang.OutOfMemoryError";
const OF_JOB_MANAGER = LogQuery.where("role", "jobmanager");

/** Lines of a Flink cluster that are often looked for, in the words that Flink 1.20 to 2.3 write. */
export class FlinkLogQuery {
  /**
   * Lines of level ERROR, and lines of any level with an exception: Flink writes the failure of a task as a warning, and the
   * restart of its job as an information.
   */
  public static readonly ERRORS = LogQuery.where("level", "ERROR", "FATAL").or(LogQuery.exists("exception"));

  /** Lines with an exception. */
  public static readonly EXCEPTIONS = LogQuery.exists("exception");

  /** A job begins anew after a failure: one line each time. */
  public static readonly JOB_RESTARTS = OF_JOB_MANAGER.and(LogQuery.where("message", "switched from state")).and(
    LogQuery.where("message", "to RESTARTING"),
  );

  /** A job has failed for good: one line each time. */
  public static readonly FAILED_JOBS = OF_JOB_MANAGER.and(LogQuery.where("message", "switched from state")).and(
    LogQuery.where("message", "to FAILED"),
  );

  /** A checkpoint has failed: one line each time. */
  public static readonly FAILED_CHECKPOINTS = OF_JOB_MANAGER.and(
    LogQuery.where("message", "Failed to trigger or complete checkpoint", "Failed to trigger checkpoint"),
  );

  /** A checkpoint has failed, and why: it was declined by a task, or took too long. */
  public static readonly CHECKPOINT_TROUBLE = FlinkLogQuery.FAILED_CHECKPOINTS.or(
    OF_JOB_MANAGER.and(
      LogQuery.where(
        "message",
        "expired before completing",
        "Decline checkpoint",
        "Exceeded checkpoint tolerable failure",
      ),
    ),
  );

  /** A JobManager becomes the leader or is one no more: some lines each time, one of each part of it. */
  public static readonly LEADER_CHANGES = OF_JOB_MANAGER.and(
    LogQuery.where("message", "granted leadership", "revoked leadership", "revoked the leadership", "lost leadership"),
  );

  /** What the agent of each node says: starts, desired states, rolling changes, renewals. */
  public static readonly AGENT = LogQuery.where("role", "agent");

  /** What the kernel says, and that memory was used up, whoever says it. */
  public static readonly KERNEL = LogQuery.where("role", "kernel").or(
    LogQuery.where("message", "Out of memory", "OOM killer", "oom-kill", "OutOfMemoryError", OUT_OF_MEMORY).or(
      LogQuery.where("exception", OUT_OF_MEMORY),
    ),
  );

  /** Lines that belong to some job. */
  public static readonly OF_JOBS = LogQuery.exists("job_id");

  private constructor() {}
}
