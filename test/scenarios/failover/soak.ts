import * as fc from "fast-check";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { JOB_MANAGER_PATHS, TASK_MANAGER_PATHS, ZOOKEEPER_LOG } from "../../../lib/node/paths";
import { ZOOKEEPER_UNIT } from "../../../lib/node/zookeeper-service";
import type { SessionNode } from "../flink-session";
import { timeOf } from "./breakdown";

const PAUSE_SECONDS = 2;
const INTERVAL_SECONDS = 30;
const UNITS = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT];

/** What a process that stands still for a moment must lead to in no log of a JobManager. */
const FALSE_FAILOVERS: Readonly<Record<string, RegExp>> = {
  "leaders elected": /DefaultDispatcherRunner was granted leadership/,
  "TaskManagers given up": /Closing TaskExecutor connection/,
  "jobs begun anew": /switched from state RUNNING to |switched from state CREATED to RUNNING/,
};
/** What it may well lead to: told, and not judged. */
const RECONNECTIONS = { "connections to ZooKeeper lost and made anew": /State change: RECONNECTED/ };
const LINES = [...Object.values(FALSE_FAILOVERS), ...Object.values(RECONNECTIONS)]
  .map(({ source }) => source)
  .join("|");

/** What came of pauses. */
export interface Soak {
  readonly minutes: number;
  readonly seed: number;
  readonly pauses: number;
  /** How often each of what must not be was. */
  readonly falseFailovers: Readonly<Record<string, number>>;
  readonly reconnections: Readonly<Record<string, number>>;
}

/**
 * Lets one process of Flink or ZooKeeper after the other stand still for 2 s, every 30 s, while one program on each machine
 * takes all of the processor that it gets.
 *
 * @param seed decides which ones
 */
export async function soak(nodes: readonly SessionNode[], minutes: number, seed: number): Promise<Soak> {
  const numRuns = Math.ceil((minutes * 60) / INTERVAL_SECONDS);
  const processes = fc.tuple(fc.constantFrom(...nodes), fc.constantFrom(...UNITS));
  const since = Date.now();
  const busy = Promise.all(nodes.map(({ machine }) => keepBusy(machine, (numRuns + 1) * INTERVAL_SECONDS)));
  // Where a pause fails, its failure is the one that counts.
  busy.catch(() => undefined);
  for (const [node, unit] of fc.sample(processes, { seed, numRuns, unbiased: true })) {
    console.log(`${new Date().toISOString()} ${unit} of ${node.name} stands still for ${PAUSE_SECONDS} s`);
    await standStill(node, unit);
    await new Promise((resolve) => setTimeout(resolve, (INTERVAL_SECONDS - PAUSE_SECONDS) * 1000));
  }
  await busy;
  const logs = await Promise.all(nodes.map(readLog));
  // Whoever leads has logged it once: logs in which that is not found would tell of no false failover either.
  if (!logs.some((log) => FALSE_FAILOVERS["leaders elected"].test(log))) {
    throw new Error("no log of a JobManager tells that one ever led");
  }
  const lines = logs.flatMap((log) => log.split("\n")).filter((line) => timeOf(line) >= since);
  // Which pause came just before, if any did, and what the others wrote then is for whoever reads the output.
  const isFalse = (line: string) => Object.values(FALSE_FAILOVERS).some((of) => of.test(line));
  if (lines.some(isFalse)) {
    for (const line of lines.filter(isFalse)) console.log(line);
    for (const { name, machine } of nodes) {
      console.log(`warnings of ${name}:\n${await machine.run(["sh", "-c", WARNINGS])}`);
    }
  }
  const count = (kinds: Readonly<Record<string, RegExp>>) =>
    Object.fromEntries(Object.entries(kinds).map(([what, of]) => [what, lines.filter((line) => of.test(line)).length]));
  return {
    minutes,
    seed,
    pauses: numRuns,
    falseFailovers: count(FALSE_FAILOVERS),
    reconnections: count(RECONNECTIONS),
  };
}

/** Fails where the process has ended before it went on, with what it wrote last. */
async function standStill({ machine, name }: SessionNode, unit: string): Promise<void> {
  const pause =
    'pid=$(systemctl show -P MainPID "$1") && test "$pid" -gt 0 && kill -STOP "$pid" && sleep "$2"; kill -CONT "$pid"';
  await machine.run(["sh", "-c", pause, "sh", unit, String(PAUSE_SECONDS)]).catch(async (cause: Error) => {
    const told = await machine.run(["sh", "-c", LAST_WORDS, "sh", unit]);
    throw new Error(`${unit} of ${name} has ended:\n${told}`, { cause });
  });
}

const LAST_WORDS = `systemctl status --no-pager --lines=0 "$1"
journalctl --no-pager --lines=40 --unit="$1"
for log in ${JOB_MANAGER_PATHS.log} ${TASK_MANAGER_PATHS.log} ${ZOOKEEPER_LOG}
do for file in $(ls -rt "$log"/*.log* | tail -n 2); do echo "== $file"; tail -n 60 "$file"; done; done`;

/** The newest ones of all processes that pauses meet. */
const WARNINGS = `cd / && for log in ${JOB_MANAGER_PATHS.log} ${TASK_MANAGER_PATHS.log} ${ZOOKEEPER_LOG}
do echo "== $log"; cat $(ls -rt "$log"/*.log*) | grep -E " (WARN|ERROR) |State change|timed out|xpired" | tail -n 150; done`;

/** Bounded, whatever becomes of the test, and as nice as a TaskManager is. */
async function keepBusy(machine: SessionNode["machine"], seconds: number): Promise<void> {
  const loop = 'nice -n 5 timeout "$1" sh -c "while :; do :; done"; test $? = 124';
  await machine.run(["sh", "-c", loop, "sh", String(seconds)], { timeout: (seconds + 60) * 1000 });
}

function readLog({ machine }: SessionNode): Promise<string> {
  return machine.run(["sh", "-c", `cat ${JOB_MANAGER_PATHS.log}/*.log* | grep -E "$1" || true`, "sh", LINES]);
}
