import { allPorts, Caller, PORTS } from "../../lib/node/ports";
import { Machine } from "../lab/machine";
import { Firewall, FirewallRule, RuleEnds } from "./firewall";
import { listeningPorts, passed, ProbeOutcome, probePorts, ProbeTarget } from "./ports-probe";

/** One connection that was tried, and the counter that must have seen it. */
interface Probe {
  readonly rule: string;
  readonly from: Machine;
  readonly target: ProbeTarget;
  readonly counter: string;
}

/** What was tried for one rule. */
export interface RuleProof {
  readonly rule: string;
  /** Of the connection that the rule allows, and whether this very rule counted it. */
  readonly allowed: string;
  /** Of a connection that only lacks what the rule asks for, and whether the refusal was counted where it should. */
  readonly forbidden: string;
}

/** What every proof must say. */
export const PROVEN = { allowed: "passed, counted", forbidden: "swallowed, counted" };

/** Plain HTTP: the way to S3 and to endpoints that no rule opens. */
const UNENCRYPTED_PORT = 80;

/**
 * One positive and one negative probe for each rule. The negative one differs from the positive in the one thing
 * that the rule is about: another caller for what comes in, another callee or port for what goes out. Counters tell
 * that it was this rule, and this side, that decided.
 */
export async function proveRules(firewall: Firewall): Promise<RuleProof[]> {
  const rules = firewall.played.map((rule) => ({ rule, ends: firewall.endsOf(rule) as RuleEnds }));
  const allowed = rules.map(({ rule, ends }) => allowedProbe(firewall, rule, ends));
  const forbidden = await Promise.all(rules.map(({ rule, ends }) => forbiddenProbe(firewall, rule, ends)));
  const [passes, refusals] = [await runProbes(firewall, allowed), await runProbes(firewall, forbidden)];
  return rules.map(({ rule }, index) => ({
    rule: rule.name,
    allowed: passes[index],
    forbidden: refusals[index],
  }));
}

function allowedProbe(firewall: Firewall, rule: FirewallRule, { caller, callee, endpoint }: RuleEnds): Probe {
  const host = callee ? firewall.addressOf(callee) : (endpoint?.address ?? firewall.s3Host);
  return { rule: rule.name, from: caller, target: { host, port: rule.port }, counter: rule.id };
}

async function forbiddenProbe(firewall: Firewall, rule: FirewallRule, ends: RuleEnds): Promise<Probe> {
  const { caller, callee, endpoint } = ends;
  if (!rule.egress && endpoint) {
    const target = { host: endpoint.address, port: rule.port };
    return { rule: rule.name, from: firewall.stranger, target, counter: `refused_in_${endpoint.interfaceId}` };
  }
  if (!rule.egress) {
    const target = { host: firewall.addressOf(callee as Machine), port: rule.port };
    const counter = await firewall.refusals(callee as Machine, "in");
    return { rule: rule.name, from: firewall.stranger, target, counter };
  }
  const target = callee
    ? { host: firewall.addressOf(firewall.stranger), port: rule.port }
    : { host: endpoint?.address ?? firewall.s3Host, port: UNENCRYPTED_PORT };
  return { rule: rule.name, from: caller, target, counter: await firewall.refusals(caller, "out") };
}

/** Says of each probe whether it passed, and whether its counter grew by as many probes as it had to count. */
async function runProbes(firewall: Firewall, probes: readonly Probe[]): Promise<string[]> {
  const before = await firewall.counts();
  const outcomes = await probeAll(probes);
  const after = await firewall.counts();
  return probes.map(({ counter }, index) => {
    const due = probes.filter((other) => other.counter === counter).length;
    const counted = after(counter) - before(counter) >= due;
    const way = passed(outcomes[index]) ? "passed" : "swallowed";
    return `${way}, ${counted ? "counted" : "not counted"}`;
  });
}

/** All machines at once, and each of them all of its own. */
async function probeAll(probes: readonly { from: Machine; target: ProbeTarget }[]): Promise<ProbeOutcome[]> {
  const outcomes: ProbeOutcome[] = [];
  const probeFrom = async (from: Machine): Promise<void> => {
    const own = probes.flatMap((probe, index) => (probe.from === from ? [{ index, target: probe.target }] : []));
    const results = await probePorts(
      from,
      own.map(({ target }) => target),
    );
    own.forEach(({ index }, n) => (outcomes[index] = results[n]));
  };
  await Promise.all([...new Set(probes.map(({ from }) => from))].map(probeFrom));
  return outcomes;
}

/** SSH, which the product never opens: a port that the table does not have, whether or not somebody listens there. */
const PORT_OUTSIDE_OF_TABLE = 22;

/** What one machine reaches on one node. */
export interface Reach {
  readonly from: string;
  readonly to: string;
  /** Ports of the node that were tried: all that listen, all of the table, and one more. */
  readonly tried: readonly number[];
  /** Those that a connection arrived at. */
  readonly passed: readonly number[];
  /** Those of them on which somebody took it. */
  readonly open: readonly number[];
  /** What the port table says of `passed`. */
  readonly passedByTable: readonly number[];
  /** What the port table and the listening sockets say of `open`. */
  readonly openByTable: readonly number[];
}

/**
 * Tries every TCP port that listens on any node from a client, a stranger and another node; beside them every
 * port of the table and one that is not in it. At last the stranger tries them while the nodes' group lets it in
 * everywhere: what is closed then, each machine closes itself.
 */
export async function examineReach(firewall: Firewall): Promise<Reach[]> {
  if (allPorts().some(({ port }) => port === PORT_OUTSIDE_OF_TABLE)) throw new Error("SSH is in the port table");
  const { nodes, client, stranger } = firewall;
  const listening = new Map<Machine, readonly number[]>();
  for (const node of nodes) {
    const ports = await listeningPorts(node);
    if (!ports.includes(PORTS.jobManagerRest.port)) {
      throw new Error(`${node.name} does not listen on ${PORTS.jobManagerRest.name}: ${ports.join(", ")}`);
    }
    listening.set(node, ports);
  }
  const tried = sorted([
    ...[...listening.values()].flat(),
    ...allPorts().map(({ port }) => port),
    PORT_OUTSIDE_OF_TABLE,
  ]);

  const look = async (from: Machine, to: Machine, isOpenTo: (callers: readonly Caller[]) => boolean) => {
    const host = firewall.addressOf(to);
    const outcomes = await probePorts(
      from,
      tried.map((port) => ({ host, port })),
    );
    // A node that runs no ZooKeeper keeps the ports of one closed itself, although its group opens them.
    const runsZooKeeper = listening.get(to)?.includes(PORTS.zooKeeperClient.port);
    const passedByTable = tried.filter((port) =>
      allPorts().some(
        (row) => row.port === port && isOpenTo(row.callers) && (row.listensOn === "every node" || runsZooKeeper),
      ),
    );
    return {
      from: from.name,
      to: to.name,
      tried,
      passed: tried.filter((_, index) => passed(outcomes[index])),
      open: tried.filter((_, index) => outcomes[index] === "open"),
      passedByTable,
      openByTable: passedByTable.filter((port) => listening.get(to)?.includes(port)),
    };
  };
  const looks = nodes.flatMap((node, index) => {
    const other = nodes[(index + 1) % nodes.length];
    return [
      look(client, node, (callers) => callers.includes(Caller.CLIENTS)),
      look(stranger, node, () => false),
      ...(other === node ? [] : [look(other, node, (callers) => callers.includes(Caller.NODES))]),
    ];
  });
  const reaches: Reach[] = await Promise.all(looks);
  await firewall.whileOpenToStranger(async () => {
    const byItself = (node: Machine) =>
      look(stranger, node, (callers) => callers.some((caller) => caller !== Caller.ITSELF));
    reaches.push(...(await Promise.all(nodes.map(byItself))));
  });
  return reaches;
}

/** What listens on some node and is in no table: closed to all, and still worth to know of. */
export function outsideOfTable(reaches: readonly Reach[]): number[] {
  const known = new Set([PORT_OUTSIDE_OF_TABLE, ...allPorts().map(({ port }) => port)]);
  return sorted(reaches.flatMap(({ tried }) => tried)).filter((port) => !known.has(port));
}

function sorted(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
}
