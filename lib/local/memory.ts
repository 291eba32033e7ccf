import { refuse } from "../core/validation";
import { jobManagerMemory, memoryConfiguration, taskManagerMemory, type FlinkConfiguration } from "../settings";

/** What both processes have on the smallest machine that a cluster may have, of 4 GiB. */
const JOB_MANAGER_MIB = 960;
const TASK_MANAGER_MIB = 1600;
/** Below these Flink's own parts leave less than 200 MiB of heap. */
const LEAST_JOB_MANAGER_MIB = 768;
const LEAST_TASK_MANAGER_MIB = 1100;
const LARGEST_JOB_MANAGER_MIB = 8192;

/** Memory of a local cluster. */
export interface LocalMemory {
  readonly configuration: FlinkConfiguration;
  readonly jobManagerFlags: readonly string[];
  readonly taskManagerFlags: readonly string[];
}

/** MiB of a local cluster where nobody says how many. */
export function defaultMemoryMib(taskManagers: number): number {
  return JOB_MANAGER_MIB + taskManagers * TASK_MANAGER_MIB;
}

/** Divides so much memory among a JobManager and TaskManagers, and each of them as a node does. */
export function localMemory(mib: number, taskManagers: number): LocalMemory {
  const least = LEAST_JOB_MANAGER_MIB + taskManagers * LEAST_TASK_MANAGER_MIB;
  if (mib < least) {
    const each =
      taskManagers === 1 ? "a JobManager and a TaskManager need" : `a JobManager and ${taskManagers} TaskManagers need`;
    refuse({
      property: "--memory",
      value: `${mib}m`,
      allowed: `at least ${least}m, which ${each}`,
      remedy: `give ${least}m or more, or leave --memory out for ${defaultMemoryMib(taskManagers)}m`,
    });
  }
  const share = (mib * JOB_MANAGER_MIB) / defaultMemoryMib(taskManagers);
  const jobManagerMib = Math.floor(Math.min(Math.max(share, LEAST_JOB_MANAGER_MIB), LARGEST_JOB_MANAGER_MIB));
  const taskManagerMib = Math.floor((mib - jobManagerMib) / taskManagers);
  const jobManager = jobManagerMemory(jobManagerMib, mib);
  const taskManager = taskManagerMemory(taskManagerMib, mib);
  return {
    configuration: memoryConfiguration({ jobManager, taskManager }),
    jobManagerFlags: jobManager.javaOptions,
    taskManagerFlags: taskManager.javaOptions,
  };
}
