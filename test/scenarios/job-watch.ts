import { randomUUID } from "crypto";
import { AS_OPERATOR } from "./credentials";
import { ShellHost } from "./shell-host";

/** What became of one job while it was watched. */
export interface WatchedJob {
  readonly jid: string;
  readonly name: string;
  /** Every state that it was seen in. */
  readonly states: readonly string[];
  /** How often it went on from a checkpoint: once for each restart, whoever led. */
  readonly restores: number;
}

export interface WatchedJobs {
  readonly jobs: readonly WatchedJob[];
  readonly samples: number;
  /** Samples in which no JobManager answered, as while the leader is handed over. */
  readonly unanswered: number;
}

/** One process for the whole watch: to start one for each question would cost more than what is watched. */
const PROGRAM = `
import json, os, ssl, sys, time, urllib.request
ask = json.load(sys.stdin)
tls = ssl.create_default_context(cafile=ask["authority"])
tls.load_cert_chain(ask["certificate"], ask["key"])
def get(path):
    for address in ask["addresses"]:
        try:
            with urllib.request.urlopen(address + path, timeout=3, context=tls) as answer:
                return json.load(answer)
        except Exception:
            pass
    return None
seen, samples, unanswered = {}, 0, 0
while not os.path.exists(ask["until"]):
    overview = get("/jobs/overview")
    samples += 1
    if overview is None:
        unanswered += 1
    else:
        for job in overview["jobs"]:
            entry = seen.setdefault(job["jid"], {"name": job["name"], "states": set(), "restores": set()})
            entry["states"].add(job["state"])
            statistics = get("/jobs/%s/checkpoints" % job["jid"]) or {}
            restored = (statistics.get("latest") or {}).get("restored")
            if restored:
                entry["restores"].add((restored["restore_timestamp"], statistics["counts"]["restored"]))
    time.sleep(1)
os.remove(ask["until"])
jobs = [{"jid": jid, "name": e["name"], "states": sorted(e["states"]), "restores": sorted(e["restores"])} for jid, e in seen.items()]
print(json.dumps({"jobs": jobs, "samples": samples, "unanswered": unanswered}))
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
    jobs: { jid: string; name: string; states: string[]; restores: SeenRestore[] }[];
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
