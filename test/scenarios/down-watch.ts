import { randomUUID } from "crypto";
import { TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import { PORTS } from "../../lib/node/ports";
import { NODE_AUTHORITY, ZOOKEEPER_TLS } from "../../lib/node/tls-paths";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import { AS_NODE } from "./credentials";
import { SessionNode } from "./flink-session";

/** From when to when a node was down, in seconds of the clock that all machines of the lab have. */
export type DownTime = readonly [from: number, to: number];

/** Whether a node does its work: its ZooKeeper serves, and its JobManager lists its TaskManager. */
const SERVES = `
def context(credentials):
    tls = ssl.create_default_context(cafile=credentials["authority"])
    tls.load_cert_chain(credentials["certificate"], credentials["key"])
    return tls

def serves():
    try:
        if plan["zooKeeper"]:
            to = plan["zooKeeper"]
            with socket.create_connection((plan["host"], to["port"]), 3) as plain:
                with context(to).wrap_socket(plain, server_hostname=plan["host"]) as tls:
                    tls.sendall(b"srvr")
                    answer = tls.makefile().read()
            if not re.search("^Mode: (leader|follower|standalone)$", answer, re.M):
                return False
        if plan["rest"]:
            to = plan["rest"]
            with urllib.request.urlopen(to["address"] + "/taskmanagers", timeout=3, context=context(to)) as answer:
                listed = json.load(answer)["taskmanagers"]
            return any("@%s:" % plan["host"] in one["path"] for one in listed)
        return True
    except Exception:
        return False
`;

/**
 * One process on each node for the whole roll. A node is down from when one of its units is not active, or is another
 * process than before, until all are active, its ZooKeeper serves and its JobManager lists its TaskManager. What only
 * an election takes away for a moment, of nodes whose processes go on, is not counted: a new leader of ZooKeeper or of
 * Flink begins with nobody.
 */
const PROGRAM = `
import json, os, re, socket, ssl, subprocess, sys, time, urllib.request
plan = json.load(sys.stdin)

def look():
    show = ["systemctl", "show", "--property=ActiveState", "--property=InvocationID", "--", *plan["units"]]
    lines = subprocess.run(show, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    active = lines.count("ActiveState=active") == len(plan["units"])
    return active, sorted(line for line in lines if line.startswith("InvocationID="))

${SERVES}
down, since, samples = [], None, 0
before = time.time()
_, known = look()
while True:
    last = os.path.exists(plan["until"])
    begun = time.time()
    active, processes = look()
    samples += 1
    # Since the look before at the latest, however long ago that was.
    if since is None and (not active or processes != known):
        since = before
    before, known = begun, processes
    if since is not None and active and serves():
        down.append([since, time.time()])
        since = None
    if last:
        break
    time.sleep(plan["pauseSeconds"])
os.remove(plan["until"])
if since is not None:
    down.append([since, time.time()])
print(json.dumps({"down": down, "samples": samples}))
`;
const LONGEST_WATCH_MILLIS = 2 * 3_600_000;
const PAUSE_SECONDS = 1;

export interface WatchedNode {
  readonly down: readonly DownTime[];
  readonly samples: number;
}

/** Watches, once a second, when the nodes are down, until it is stopped. */
export class DownWatch {
  /** @param units names of the units of each node, as it reports them */
  public static start(nodes: readonly SessionNode[], units: ReadonlyMap<string, readonly string[]>): DownWatch {
    for (const { name } of nodes) {
      if (!units.get(name)?.length) throw new Error(`${name} reports no units: nothing of it can be watched`);
    }
    return new DownWatch(nodes.map((node) => watchNode(node, units.get(node.name)!)));
  }

  private constructor(private readonly watches: readonly NodeWatch[]) {}

  /** Fails if the machines could not be asked. */
  public async stop(): Promise<{ readonly samples: number; readonly mostDown: number }> {
    const seen = await Promise.all(this.watches.map((watch) => watch.stop()));
    return {
      samples: Math.min(...seen.map(({ samples }) => samples)),
      mostDown: mostDownAtOnce(seen.map(({ down }) => down)),
    };
  }
}

interface NodeWatch {
  stop(): Promise<WatchedNode>;
}

/** Watches one node. */
export function watchNode(
  { host, restAddress, machine }: Omit<SessionNode, "name">,
  units: readonly string[],
  pauseSeconds = PAUSE_SECONDS,
): NodeWatch {
  const until = `/tmp/down-watch-${randomUUID()}`;
  const plan = { ...servingPlan({ host, restAddress }, units), until, pauseSeconds };
  const output = machine.run(["python3", "-c", PROGRAM], {
    input: JSON.stringify(plan),
    timeout: LONGEST_WATCH_MILLIS,
  });
  // Told by `stop`, and until then by nobody.
  output.catch(() => undefined);
  return {
    stop: async () => {
      await machine.run(["touch", until]);
      return JSON.parse(await output) as WatchedNode;
    },
  };
}

/** Whether a node does its work just now; its machine must be on. */
export async function serves(
  { host, restAddress, machine }: Omit<SessionNode, "name">,
  units: readonly string[],
): Promise<boolean> {
  const program = `import json, re, socket, ssl, sys, urllib.request\nplan = json.load(sys.stdin)\n${SERVES}\nprint(serves())`;
  const input = JSON.stringify(servingPlan({ host, restAddress }, units));
  return (await machine.run(["python3", "-c", program], { input })).trim() === "True";
}

/** What a node's own processes are asked with, of those that it has. */
function servingPlan(
  { host, restAddress }: Pick<SessionNode, "host" | "restAddress">,
  units: readonly string[],
): object {
  const zooKeeper = {
    ...{ port: PORTS.zooKeeperClient.port, authority: NODE_AUTHORITY },
    ...{ certificate: ZOOKEEPER_TLS.pem, key: ZOOKEEPER_TLS.pem },
  };
  return {
    ...{ units, host },
    zooKeeper: units.includes(ZOOKEEPER_UNIT) ? zooKeeper : null,
    rest: units.includes(TASK_MANAGER_UNIT) ? { address: restAddress, ...AS_NODE } : null,
  };
}

/** The largest number of nodes that were down at one moment. */
export function mostDownAtOnce(nodes: readonly (readonly DownTime[])[]): number {
  const begins = nodes.flat().map(([from]) => from);
  const downAt = (moment: number) => nodes.filter((down) => down.some(([from, to]) => from <= moment && moment <= to));
  return Math.max(0, ...begins.map((moment) => downAt(moment).length));
}
