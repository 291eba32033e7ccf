import { randomUUID } from "crypto";
import { AS_OPERATOR } from "./credentials";
import type { DownTime } from "./down-watch";
import { ShellHost } from "./shell-host";

/** What became of one job while it was watched. */
export interface WatchedJob {
  readonly jid: string;
  readonly name: string;
  /** Every state that it was seen in. */
  readonly states: readonly string[];
  /** When it was seen first, in seconds of the clock that all machines have. */
  readonly from: number;
  /** How often it went on from a checkpoint: once for each restart, whoever led. */
  readonly restores: number;
  /** From when to when not all of its tasks ran, or nobody could tell. */
  readonly away: readonly DownTime[];
}

export interface WatchedJobs {
  readonly jobs: readonly WatchedJob[];
  readonly samples: number;
  /** Samples in which no JobManager answered, as while the leader is handed over. */
  readonly unanswered: number;
}

/**
 * One process for the whole watch: to start one for each question would cost more than what is watched. Whoever answered
 * last is asked first, as a machine that is off answers nothing for seconds. What is restored is asked for when a job comes
 * back, and now and then: Flink counts those that nobody saw.
 */
const PROGRAM = `
import json, os, ssl, sys, time, urllib.request
ask = json.load(sys.stdin)
tls = ssl.create_default_context(cafile=ask["authority"])
tls.load_cert_chain(ask["certificate"], ask["key"])
addresses = list(ask["addresses"])
def get(path):
    for address in list(addresses):
        try:
            with urllib.request.urlopen(address + path, timeout=3, context=tls) as answer:
                found = json.load(answer)
            addresses.remove(address)
            addresses.insert(0, address)
            return found
        except Exception:
            pass
    return None
def runs_whole(job):
    return job["state"] == "RUNNING" and 0 < job["tasks"]["total"] == job["tasks"]["running"]
seen, samples, unanswered = {}, 0, 0
last = False
before = time.time()
while not last:
    last = os.path.exists(ask["until"])
    begun = time.time()
    overview = get("/jobs/overview")
    samples += 1
    listed = {job["jid"]: job for job in (overview or {"jobs": []})["jobs"]}
    if overview is None:
        unanswered += 1
    for jid, job in listed.items():
        new = {"name": job["name"], "states": set(), "from": time.time(), "restores": set(), "away": [], "since": None}
        seen.setdefault(jid, new)["states"].add(job["state"])
    for jid, entry in seen.items():
        whole = jid in listed and runs_whole(listed[jid])
        came_back = whole and entry["since"] is not None
        if not whole and entry["since"] is None:
            entry["since"] = before
        if came_back:
            entry["away"].append([entry["since"], time.time()])
            entry["since"] = None
        if came_back or last or samples % 10 == 1:
            statistics = get("/jobs/%s/checkpoints" % jid) or {}
            restored = (statistics.get("latest") or {}).get("restored")
            if restored:
                entry["restores"].add((restored["restore_timestamp"], statistics["counts"]["restored"]))
    before = begun
    if not last:
        time.sleep(1)
os.remove(ask["until"])
def told(jid, entry):
    away = entry["away"] + ([[entry["since"], time.time()]] if entry["since"] is not None else [])
    return {"jid": jid, "name": entry["name"], "states": sorted(entry["states"]), "from": entry["from"], "restores": sorted(entry["restores"]), "away": away}
print(json.dumps({"jobs": [told(jid, entry) for jid, entry in seen.items()], "samples": samples, "unanswered": unanswered}))
`;
const LONGEST_WATCH_MILLIS = 2 * 3_600_000;

/** Watches all jobs of a cluster from a client machine, once a second, until it is stopped. */
export class JobWatch {
  public static start(client: ShellHost, addresses: readonly string[]): JobWatch {
    const until = `/tmp/job-watch-${randomUUID()}`;
    const since = Date.now();
    const output = client.run(["python3", "-c", PROGRAM], {
      input: JSON.stringify({ ...AS_OPERATOR, addresses, until }),
      timeout: LONGEST_WATCH_MILLIS,
    });
    // Told by `stop`, and until then by nobody.
    output.catch(() => undefined);
    return new JobWatch(client, until, since, output);
  }

  private constructor(
    private readonly client: ShellHost,
    private readonly until: string,
    private readonly since: number,
    private readonly output: Promise<string>,
  ) {}

  public async stop(): Promise<WatchedJobs> {
    await this.client.run(["touch", this.until]);
    return readWatch(await this.output, this.since);
  }
}

/** A restore as it was seen: when it was, in milliseconds, and the how many-th of its leader. */
type SeenRestore = readonly [time: number, count: number];

/** A restore from before the watch is none of its business. All machines of the lab have one clock. */
export function readWatch(output: string, since: number): WatchedJobs {
  const { jobs, samples, unanswered } = JSON.parse(output) as {
    jobs: (Omit<WatchedJob, "restores"> & { restores: SeenRestore[] })[];
    samples: number;
    unanswered: number;
  };
  return {
    jobs: jobs.map(({ restores, ...job }) => ({ ...job, restores: countRestores(restores, since) })),
    samples,
    unanswered,
  };
}

/** Also those between two samples, which Flink counted alone. Another leader counts from the beginning. */
function countRestores(seen: readonly SeenRestore[], since: number): number {
  const inOrder = [...seen].sort(([a], [b]) => a - b);
  return inOrder.reduce((sum, [time, count], index) => {
    if (time < since) return sum;
    const before = inOrder[index - 1]?.[1] ?? 0;
    return sum + (count > before ? count - before : count);
  }, 0);
}

/**
 * From when to when no job of a name ran whole, from its first job on: one that is stopped and begun again goes on under
 * another id.
 */
export function awayByName(jobs: readonly WatchedJob[]): ReadonlyMap<string, readonly DownTime[]> {
  const times = new Map<string, readonly DownTime[]>();
  for (const job of jobs) {
    const away = withTimeBefore(job);
    times.set(job.name, commonTimes(times.get(job.name) ?? away, away));
  }
  return new Map([...times].map(([name, away]) => [name, away.filter(([from]) => from > -Infinity)]));
}

/** A job is away before it is there, too; it may begin with its tasks still to come. */
function withTimeBefore({ from, away }: WatchedJob): readonly DownTime[] {
  const [first, ...others] = away;
  return first && first[0] <= from ? [[-Infinity, first[1]], ...others] : [[-Infinity, from], ...away];
}

function commonTimes(ones: readonly DownTime[], others: readonly DownTime[]): readonly DownTime[] {
  return ones
    .flatMap(([from, to]) => others.map((other) => [Math.max(from, other[0]), Math.min(to, other[1])] as const))
    .filter(([from, to]) => from < to);
}

/** Fails where a watch says too little, a job is missing or failed, or its restores do not fit the nodes restarted. */
export function requireUnharmed(
  seen: WatchedJobs,
  expected: {
    readonly jids: readonly string[];
    /** How often some node was restarted. */
    readonly restarts: number;
    /** Whether each node was, at least once: then each job has lost a task. */
    readonly everyNode: boolean;
  },
): void {
  const { jobs, samples, unanswered } = seen;
  const problems = jobs.flatMap(({ name, states, restores }) => [
    ...(states.includes("FAILED") ? [`${name} failed`] : []),
    ...(restores > expected.restarts
      ? [`${name} was restored ${restores} times by ${expected.restarts} restarts`]
      : []),
    ...(expected.everyNode && restores === 0 ? [`${name} was never restored, and every node restarted`] : []),
  ]);
  const ids = jobs.map(({ jid }) => jid).sort();
  const known = [...expected.jids].sort();
  if (ids.join() !== known.join()) problems.push(`the jobs are ${ids.join(", ")} and not ${known.join(", ")}`);
  if (samples <= 2 * unanswered) problems.push(`${unanswered} of ${samples} samples had no answer`);
  if (problems.length > 0) throw new Error(problems.join("; "));
}
