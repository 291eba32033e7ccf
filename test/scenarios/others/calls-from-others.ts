import type { Deployment } from "../deployment";
import type { AttemptOutcome } from "../job-is-not-machine";
import { STRANGER_NAME } from "../lab-stacks";
import { probePorts } from "../ports-probe";

/** A server on a machine that others keep. */
export interface OthersServer {
  /** What it is, such as `the broker`. */
  readonly what: string;
  /** Name of its machine. */
  readonly machine: string;
  readonly port: number;
}

/** Machines that are no nodes try to reach a server that a node reaches, or it would prove nothing. */
export async function callsFromOthers(
  deployment: Deployment,
  node: string,
  { what, machine, port }: OthersServer,
): Promise<AttemptOutcome[]> {
  const { lab } = deployment;
  const target = { host: lab.addressOf(lab.machine(machine)), port };
  const outcomeFrom = async (name: string) => (await probePorts(lab.machine(name), [target]))[0];
  const ofNode = await outcomeFrom(node);
  if (ofNode !== "open") throw new Error(`${what} must be open to ${node}, but is ${ofNode}`);
  const outcomes: AttemptOutcome[] = [];
  for (const name of [STRANGER_NAME, deployment.client.name]) {
    const outcome = await outcomeFrom(name);
    outcomes.push({
      ...{ attempt: `call ${what} from the machine ${name}`, layer: "security groups", said: outcome },
      outcome: outcome === "silent" ? "refused" : "done",
    });
  }
  return outcomes;
}
