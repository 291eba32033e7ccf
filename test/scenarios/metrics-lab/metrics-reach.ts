import { PORTS } from "../../../lib/node/ports";
import type { Deployment } from "../deployment";
import { Firewall } from "../firewall";
import type { AttemptOutcome } from "../job-is-not-machine";
import { ProbeOutcome, probePorts } from "../ports-probe";
import type { ShellHost } from "../shell-host";

const REPORTERS = [PORTS.jobManagerReporter, PORTS.taskManagerReporter];

/**
 * Others try to reach Flink's reporters on a node: a client, a machine of others, and this one again while the security group lets
 * it in everywhere, so that the machine's own firewall alone is left. Fails where the node itself does not reach them, or nothing
 * else was opened: that would prove nothing.
 */
export async function tryReporters(deployment: Deployment, node: string): Promise<AttemptOutcome[]> {
  const firewall = await Firewall.read(deployment);
  const machine = deployment.machine(node);
  const host = firewall.addressOf(machine);
  const own = await probePorts(
    machine,
    REPORTERS.flatMap(({ port }) => [host, "127.0.0.1"].map((address) => ({ host: address, port }))),
  );
  requireAll(own, "open", "the node itself must reach the reporters of its Flink");

  const outcomes: AttemptOutcome[] = [];
  const attempt = async (from: ShellHost, layer: AttemptOutcome["layer"], how: string): Promise<void> => {
    const said = await probePorts(
      from,
      REPORTERS.map(({ port }) => ({ host, port })),
    );
    REPORTERS.forEach(({ name, port }, at) =>
      outcomes.push({
        ...{ attempt: `call ${name} (${port}) from the machine ${from.name}${how}`, layer, said: said[at] },
        outcome: said[at] === "silent" ? "refused" : "done",
      }),
    );
  };
  await attempt(firewall.client, "security groups", "");
  await attempt(firewall.stranger, "security groups", "");
  await firewall.whileOpenToStranger(async () => {
    // A port that the machine's own firewall opens to others shows that the security group does now, too.
    const opened = await probePorts(firewall.stranger, [{ host, port: PORTS.jobManagerRest.port }]);
    requireAll(opened, "open", "the security group must let the stranger in");
    await attempt(firewall.stranger, "host firewall", ", which the security group lets in");
  });
  return outcomes;
}

function requireAll(outcomes: readonly ProbeOutcome[], wanted: ProbeOutcome, what: string): void {
  if (outcomes.every((outcome) => outcome === wanted)) return;
  throw new Error(`${what}, but it is ${outcomes.join(", ")}`);
}
