import { allPorts, Caller, PORTS } from "../../lib/node/ports";
import { Machine } from "../lab/machine";
import { Firewall, FirewallRule } from "./firewall";
import { examineReach, PROVEN, proveRules } from "./firewall-probes";
import { ProbeTarget } from "./ports-probe";

const S3 = "s3.test";
const STS = { host: "sts.test", groupId: "endpoint", interfaceId: "eni-sts", address: "10.40.0.9" };
const LISTENING = [PORTS.zooKeeperClient.port, PORTS.jobManagerRest.port, PORTS.jobManagerRpc.port, 40_000];

/** Decides a connection: names the counters that see it; one that begins with `refused` swallows it. */
type Decide = (from: string, to: string, port: number, isOpenToStranger: boolean) => readonly string[];

/** Two nodes, a client and a stranger behind a firewall that a test makes up. */
function imagine(decide: Decide): Firewall {
  const counts = new Map<string, number>();
  let isOpenToStranger = false;
  const machine = (name: string): Machine => {
    const run = (command: readonly string[], options: { input?: string } = {}): Promise<string> => {
      if (command[0] === "ss") return Promise.resolve(LISTENING.map((port) => `LISTEN 0 1 *:${port} *:*\n`).join(""));
      const targets = JSON.parse(options.input ?? "") as ProbeTarget[];
      const outcomes = targets.map(({ host, port }) => {
        const counters = decide(name, host, port, isOpenToStranger);
        counters.forEach((counter) => counts.set(counter, (counts.get(counter) ?? 0) + 1));
        if (counters.some((counter) => counter.startsWith("refused"))) return "silent";
        return LISTENING.includes(port) ? "open" : "refused";
      });
      return Promise.resolve(JSON.stringify(outcomes));
    };
    return { name, run } as unknown as Machine;
  };
  const [a, b, client, stranger] = ["a", "b", "client", "stranger"].map(machine) as [
    Machine,
    Machine,
    Machine,
    Machine,
  ];
  const rule = (id: string, port: number, egress: boolean): FirewallRule => ({
    ...{ id, name: id, port, egress, groupId: "nodes" },
  });
  return {
    ...{ nodes: [a, b], client, stranger, s3Host: S3 },
    played: [
      ...[rule("rpc-in", 6123, false), rule("rpc-out", 6123, true)],
      ...[rule("sts-in", 443, false), rule("sts-out", 443, true), rule("s3-out", 443, true)],
    ],
    endsOf: ({ id }: FirewallRule) => {
      if (id.startsWith("sts")) return { caller: a, endpoint: STS };
      return id === "s3-out" ? { caller: a } : { caller: a, callee: b };
    },
    whileOpenToStranger: async (act: () => Promise<void>) => {
      isOpenToStranger = true;
      await act();
      isOpenToStranger = false;
    },
    addressOf: ({ name }: Machine) => name,
    refusals: ({ name }: Machine, direction: string) => Promise.resolve(`refused_${direction}_${name}`),
    counts: () => {
      const now = new Map(counts);
      return Promise.resolve((counter: string) => now.get(counter) ?? 0);
    },
  } as unknown as Firewall;
}

const NODES = ["a", "b"];

/** What the port table says, with counters where they belong. */
const asDesigned: Decide = (from, to, port, isOpenToStranger) => {
  const row = allPorts().find((other) => other.port === port);
  if (isOpenToStranger && from === "stranger") {
    return row?.callers.some((caller) => caller !== Caller.ITSELF) ? ["let in"] : ["refused by the machine"];
  }
  if (NODES.includes(from)) {
    if (to === S3) return port === 443 ? ["s3-out"] : [`refused_out_${from}`];
    if (to === STS.address) return port === 443 ? ["sts-out", "sts-in"] : [`refused_out_${from}`];
    const among = NODES.includes(to) && row?.callers.includes(Caller.NODES);
    return among ? ["rpc-out", "rpc-in"] : [`refused_out_${from}`];
  }
  if (to === STS.address) return [`refused_in_${STS.interfaceId}`];
  return from === "client" && row?.callers.includes(Caller.CLIENTS) ? ["client"] : [`refused_in_${to}`];
};

describe("proof of each rule", () => {
  const RULES = ["rpc-in", "rpc-out", "sts-in", "sts-out", "s3-out"];

  test("holds behind a firewall as designed", async () => {
    expect(await proveRules(imagine(asDesigned))).toEqual(RULES.map((rule) => ({ rule, ...PROVEN })));
  });

  test("fails behind one that lets everything through", async () => {
    const proofs = await proveRules(imagine(() => RULES));
    expect(proofs.map(({ forbidden }) => forbidden)).toEqual(RULES.map(() => "passed, not counted"));
  });

  test("fails behind one that swallows everything", async () => {
    const proofs = await proveRules(imagine((from) => [`refused_out_${from}`]));
    expect(proofs.map(({ allowed }) => allowed)).toEqual(RULES.map(() => "swallowed, not counted"));
  });

  test("fails where another rule lets it through, or the other side refuses it", async () => {
    const proofs = await proveRules(
      imagine((...connection) =>
        asDesigned(...connection).map((counter) =>
          counter.startsWith("refused") ? "refused_elsewhere" : "another-rule",
        ),
      ),
    );
    expect(proofs).toEqual(
      RULES.map((rule) => ({ rule, allowed: "passed, not counted", forbidden: "swallowed, not counted" })),
    );
  });
});

describe("reach of every listening port", () => {
  const differing = async (decide: Decide): Promise<string[]> =>
    (await examineReach(imagine(decide)))
      .filter(({ passed, passedByTable }) => JSON.stringify(passed) !== JSON.stringify(passedByTable))
      .map(({ from, to }) => `${from} to ${to}`);

  test("equals the port table behind a firewall as designed", async () => {
    expect(await differing(asDesigned)).toEqual([]);
    const reaches = await examineReach(imagine(asDesigned));
    expect(reaches).toHaveLength(8);
    expect(reaches.find(({ from }) => from === "b")).toMatchObject({
      to: "a",
      passed: allPorts()
        .filter(({ callers }) => callers.includes(Caller.NODES))
        .map(({ port }) => port)
        .sort((one, other) => one - other),
      open: [PORTS.zooKeeperClient.port, PORTS.jobManagerRpc.port, PORTS.jobManagerRest.port],
    });
  });

  test("differs where a port that is in no table is open, and where one of the table is closed", async () => {
    const open: Decide = (from, to, port, more) => (port === 40_000 ? ["x"] : asDesigned(from, to, port, more));
    expect(await differing(open)).toHaveLength(8);
    const closed: Decide = (from, to, port, more) => (port === 6130 ? ["refused"] : asDesigned(from, to, port, more));
    expect(await differing(closed)).toEqual(["b to a", "a to b", "stranger to a", "stranger to b"]);
  });

  test("differs where machines close nothing themselves", async () => {
    const trusting: Decide = (from, to, port, isOpenToStranger) =>
      isOpenToStranger && from === "stranger" ? ["let in"] : asDesigned(from, to, port, isOpenToStranger);
    expect(await differing(trusting)).toEqual(["stranger to a", "stranger to b"]);
  });
});
