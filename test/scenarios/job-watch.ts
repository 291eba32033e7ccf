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
            restored = ((get("/jobs/%s/checkpoints" % job["jid"]) or {}).get("latest") or {}).get("restored")
            if restored:
                entry["restores"].add(restored["restore_timestamp"])
    time.sleep(1)
os.remove(ask["until"])
jobs = [{"jid": jid, "name": e["name"], "states": sorted(e["states"]), "restores": sorted(e["restores"])} for jid, e in seen.items()]
print(json.dumps({"jobs": jobs, "samples": samples, "unanswered": unanswered}))
`;
const LONGEST_WATCH_MILLIS = 3_600_000;

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

/** A restore from before the watch is none of its business. All machines of the lab have one clock. */
export function readWatch(output: string, since: number): WatchedJobs {
  const { jobs, samples, unanswered } = JSON.parse(output) as {
    jobs: { jid: string; name: string; states: string[]; restores: number[] }[];
    samples: number;
    unanswered: number;
  };
  return {
    jobs: jobs.map(({ restores, ...job }) => ({ ...job, restores: restores.filter((time) => time >= since).length })),
    samples,
    unanswered,
  };
}
