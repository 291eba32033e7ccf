import * as http from "node:http";
import type { AddressInfo } from "node:net";

const HOST = 'host="node-1.orders.flink.internal"';
const JOB = `${HOST},job_id="4f3a",job_name="Orders, 5 min",`;
const TASK = `${HOST},job_id="4f3a",job_name="Orders, 5 min",subtask_index="0",task_attempt_id="a1",task_id="t1",task_name="Source: orders",tm_id="orders-node-1",`;

/** What a JobManager that leads says in a moment, in the words of Flink's reporter. */
export function jobManagerText(restarts: number): string {
  return [
    ...gauge("flink_jobmanager_job_numRestarts", `{${JOB}}`, restarts),
    ...gauge("flink_jobmanager_job_lastCheckpointDuration", `{${JOB}}`, 120),
    ...gauge("flink_jobmanager_job_lastCheckpointRestoreTimestamp", `{${JOB}}`, "NaN"),
    ...gauge("flink_jobmanager_numRunningJobs", `{${HOST},}`, 1),
    ...gauge("flink_jobmanager_Status_JVM_Memory_Heap_Used", `{${HOST},}`, "1.2345678E8"),
  ].join("\n");
}

/** The same of a TaskManager. */
export function taskManagerText(records: number): string {
  return [
    ...gauge("flink_taskmanager_job_task_numRecordsIn", `{${TASK}}`, records),
    ...gauge("flink_taskmanager_job_task_buffers_inPoolUsage", `{${TASK}}`, 0.25),
    "# TYPE flink_taskmanager_job_task_checkpointAlignment summary",
    `flink_taskmanager_job_task_checkpointAlignment_count{${TASK}} 4.0`,
    `flink_taskmanager_job_task_checkpointAlignment{${TASK}quantile="0.5",} 12.0`,
    `flink_taskmanager_job_task_checkpointAlignment{${TASK}quantile="0.95",} NaN`,
    ...gauge("flink_taskmanager_Status_JVM_CPU_Load", `{${HOST},tm_id="orders-node-1",}`, 0.5),
  ].join("\n");
}

function gauge(name: string, labels: string, value: number | string): string[] {
  return [`# HELP ${name} ${name}`, `# TYPE ${name} gauge`, `${name}${labels} ${value}`];
}

/** What stands in the place of a reporter of Flink. */
export class FlinkExporter {
  public static async start(text: (looks: number) => string): Promise<FlinkExporter> {
    const exporter = new FlinkExporter(text);
    await new Promise<void>((resolve) => exporter.server.listen(0, "127.0.0.1", resolve));
    return exporter;
  }

  /** How often it was asked. */
  public looks = 0;
  private readonly server: http.Server;

  private constructor(public text: (looks: number) => string) {
    this.server = http.createServer((_, response) => {
      this.looks++;
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      response.end(`${this.text(this.looks)}\n`);
    });
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
