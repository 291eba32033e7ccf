import { type EC2Client, GetConsoleOutputCommand, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { printable } from "../../core/printable";
import { NotAllowed, awsProblem } from "../../software/access-problem";

/** What AWS tells of the machine of a node. */
export interface MachineConsole {
  readonly node: string;
  /** Such as `i-0123456789abcdef0`; absent where no machine has the node's name. */
  readonly instanceId?: string;
  /** As EC2 calls it, such as `running`, with the reason where it is going or gone. */
  readonly state: string;
  /** The last lines of its console that tell of its boot, the oldest first. */
  readonly lines: readonly string[];
}

const MOST_LINES = 15;
/** A sentence of AWS that refuses something ends with why. */
const MOST_CHARACTERS = 900;
/** Our agent and bootstrap, cloud-init, which starts them, and what goes wrong in the system around them. */
const OF_THE_BOOT =
  /flink-agent|agent: |bootstrap: |cloud-init.*(?:warn|fail|error|finished)|traceback|\bfailed\b|kernel panic|out of memory/i;

/** The machines of nodes by their names, and what stands on their consoles. */
export async function consolesOf(client: EC2Client, nodes: readonly string[]): Promise<readonly MachineConsole[]> {
  const machines = await machinesOf(client, nodes);
  return Promise.all(
    nodes.map(async (node) => {
      const machine = machines.get(node);
      if (!machine) return { node, state: "not there: no machine has its name", lines: [] };
      return { node, ...machine, lines: await consoleLines(client, machine.instanceId) };
    }),
  );
}

interface Machine {
  readonly instanceId: string;
  readonly state: string;
}

async function machinesOf(client: EC2Client, nodes: readonly string[]): Promise<ReadonlyMap<string, Machine>> {
  const found = new Map<string, Machine>();
  try {
    const Filters = [{ Name: "tag:Name", Values: [...nodes] }];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters })) {
      for (const { InstanceId, State, StateReason, Tags = [] } of Reservations.flatMap(
        (each) => each.Instances ?? [],
      )) {
        const node = Tags.find(({ Key }) => Key === "Name")?.Value;
        const isGone = State?.Name === "terminated" || State?.Name === "shutting-down";
        // Of a machine that was replaced EC2 still tells for an hour.
        if (node === undefined || InstanceId === undefined || (isGone && found.has(node))) continue;
        const reason = State?.Name === "running" ? undefined : StateReason?.Message;
        const state = [State?.Name ?? "in no known state", ...(reason ? [`(${printable(reason)})`] : [])].join(" ");
        found.set(node, { instanceId: InstanceId, state });
      }
    }
  } catch (failure) {
    throw awsProblem("looking for the machines of the nodes (ec2:DescribeInstances)", failure);
  }
  return found;
}

async function consoleLines(client: EC2Client, instanceId: string): Promise<readonly string[]> {
  try {
    const { Output } = await client.send(new GetConsoleOutputCommand({ InstanceId: instanceId, Latest: true }));
    return linesOfBoot(Buffer.from(Output ?? "", "base64").toString("utf8"));
  } catch (failure) {
    const problem = awsProblem(`reading the console of ${instanceId} (ec2:GetConsoleOutput)`, failure);
    if (problem instanceof NotAllowed) throw problem;
    return [problem.message];
  }
}

/** The last of the lines that tell of the boot; the very last ones where none does. */
export function linesOfBoot(output: string): readonly string[] {
  const lines = output.split(/\r?\n|\r/).map((line) => printable(line).slice(0, MOST_CHARACTERS));
  const written = lines.filter((line) => line !== "");
  const ofBoot = written.filter((line) => OF_THE_BOOT.test(line));
  return (ofBoot.length > 0 ? ofBoot : written).slice(-MOST_LINES);
}
