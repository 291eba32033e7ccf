import { enterFirst } from "../../lib/node/agent/host-firewall";
import { renderHostFirewall } from "../../lib/node/host-firewall";
import { allPorts, Caller } from "../../lib/node/ports";

const families = ["ipv4", "ipv6"] as const;

function rules(family: (typeof families)[number], chain: "input" | "output", runsZooKeeper = true): string[] {
  const start = `-A cdktf-flink-${chain} `;
  const lines = renderHostFirewall(family, { runsZooKeeper }).split("\n");
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

const openPorts = (lines: readonly string[]) =>
  lines.flatMap((line) => (/--dport (\d+) -m comment/.exec(line) ?? []).slice(1).map(Number));

describe.each(families)("the host firewall, %s", (family) => {
  test("as it was reviewed", () => {
    expect(renderHostFirewall(family, { runsZooKeeper: true })).toMatchSnapshot();
  });

  test("opens what the port table opens to other machines, and drops the rest", () => {
    const expected = allPorts().filter(({ callers }) => callers.some((caller) => caller !== Caller.ITSELF));
    expect(openPorts(rules(family, "input"))).toEqual(expected.map(({ port }) => port));
    expect(rules(family, "input").at(-1)).toBe("-j DROP");
    expect(rules(family, "input").filter((rule) => rule.endsWith("-j DROP"))).toHaveLength(2);
  });

  test("keeps ports closed on which nothing listens", () => {
    const withoutZooKeeper = openPorts(rules(family, "input", false));
    expect(withoutZooKeeper).toEqual(
      allPorts()
        .filter(({ callers, listensOn }) => !callers.includes(Caller.ITSELF) && listensOn === "every node")
        .map(({ port }) => port),
    );
    expect(withoutZooKeeper).not.toContain(2281);
  });

  test("never opens a port to other machines that is on loopback", () => {
    expect(openPorts(rules(family, "input"))).not.toContain(959);
  });

  test("refuses the metadata service to all but root, at once", () => {
    const address = family === "ipv4" ? "169.254.169.254" : "fd00:ec2::254";
    const found = rules(family, "output");
    for (const rule of found) expect(rule).toMatch(`-d ${address} `);
    expect(found.filter((rule) => rule.endsWith("-j ACCEPT"))).toEqual([
      `-d ${address} -m owner --uid-owner 0 -j ACCEPT`,
      `-d ${address} -m owner ! --socket-exists -m conntrack --ctstate ESTABLISHED -j ACCEPT`,
    ]);
    expect(found.slice(-2)).toEqual([
      `-d ${address} -p tcp -j REJECT --reject-with tcp-reset`,
      `-d ${address} -j REJECT`,
    ]);
  });
});

describe("the way into our chains", () => {
  const text = "*filter\n:cdktf-flink-input - [0:0]\n-A cdktf-flink-input -j DROP\nCOMMIT\n";

  test("is laid before all other rules", () => {
    expect(enterFirst(text, []).split("\n").slice(3)).toEqual([
      "-I INPUT 1 -j cdktf-flink-input",
      "-I OUTPUT 1 -j cdktf-flink-output",
      "COMMIT",
      "",
    ]);
  });

  test("is laid anew where it is there, so that what came before it meanwhile comes after it", () => {
    expect(enterFirst(text, ["INPUT"]).split("\n").slice(3)).toEqual([
      "-D INPUT -j cdktf-flink-input",
      "-I INPUT 1 -j cdktf-flink-input",
      "-I OUTPUT 1 -j cdktf-flink-output",
      "COMMIT",
      "",
    ]);
  });
});
