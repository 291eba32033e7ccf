import { createInterface } from "node:readline/promises";
import { Command, Option } from "commander";
import { signalsAreAwaited } from "../lib/core/undone-at-end";
import { ValidationError } from "../lib/core/validation";
import { MachineLock } from "../lib/operate/machines/machine-lock";
import { ClusterWatch } from "../lib/operate/replace/cluster-watch";
import { Ec2MachineAccount } from "../lib/operate/replace/machine-account";
import { nodesOfProgram, type ProgramNode } from "../lib/operate/replace/nodes-of-program";
import { Replacer } from "../lib/operate/replace/replace";
import { renderReplacements } from "../lib/operate/replace/render-replacements";
import { stackFolder } from "../lib/operate/stack-folder";
import { Terraform } from "../lib/operate/terraform";
import { s3Client } from "../lib/software/bucket";
import { Problem } from "../lib/software/problem";
import { duration, example, list } from "./arguments";
import { withProgress } from "./with-progress";

interface ReplaceFlags {
  readonly all: boolean;
  readonly force: boolean;
  readonly cluster?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly dir?: string;
  readonly stack?: string;
  readonly down?: readonly string[];
  readonly timeout: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** As a shell has it for what a signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Adds the command that makes machines anew. */
export function addReplace(cli: Command): void {
  cli
    .command("replace")
    .summary("make machines anew, one at a time, such as of another image")
    .description(
      "Replaces a node's machine, or with --all one after the other all that were made of another image than the program names. " +
        "A node keeps its name, its address and its data volume. It is touched only while all others are healthy and run the current desired state; " +
        "the next one waits until the new machine is healthy too, and the leader comes last. It runs Terraform in the folder of the synthesized stack (`npx cdktf synth` first), " +
        "applies exactly the plan that it looked at, and refuses one that touches anything but this machine. " +
        "At the first failure it stops, and so it does at Ctrl-C; the same command again goes on with what is left. " +
        "Beside what Terraform needs it needs ec2:DescribeImages, ec2:DescribeInstances and, where machines are protected from termination, ec2:ModifyInstanceAttribute, to get objects below desired-state/, reports/ and rolls/, and to put them below rolls/.",
    )
    .argument("[node]", "the node, such as streaming-flink-node-2")
    .option("--all", "all nodes that were made of another image, or have no machine", false)
    .option("--force", "with --all: all nodes of the cluster, whatever they were made of", false)
    .option("--cluster <name>", "with --all: the cluster, where the stack has several")
    .option("--bucket <name>", "its checkpoint bucket (default: as the output of the cluster has it)")
    .option("--region <region>", "its region (default: as the output of the cluster has it)")
    .option("--stack <name>", "the stack (default: the only one with a Flink cluster)")
    .option(
      "--dir <folder>",
      "its synthesized folder (default: as cdktf.json has it, such as cdktf.out/stacks/streaming)",
    )
    .option("--down <names>", "nodes that are away anyway, separated by commas: they are not waited for", list)
    .addOption(
      new Option("--timeout <duration>", "how long each wait for the nodes may take, such as 90s, 10m or 1h")
        .argParser(duration)
        .default(duration("20m"), "20m"),
    )
    .option("--dry-run", "say what would be replaced, and do nothing", false)
    .option("--yes", "do not ask", false)
    .addHelpText("after", example("replace streaming-flink-node-2\n  npx cdktf-flink replace --all --dry-run"))
    .action(async (name: string | undefined, flags: ReplaceFlags) => {
      const dir = flags.dir ?? stackFolder(".", flags.stack, (folder) => hasNodes(folder));
      const program = nodesOfProgram(dir);
      const asked = askedFor(program, name, flags);
      const nodes = program.filter(({ cluster }) => cluster === asked[0].cluster);
      requireNames(nodes, flags.down ?? []);
      await withProgress(async (progress) => {
        const terraform = new Terraform(dir);
        const begun: { replacer?: Replacer } = {};
        onSignal(terraform, () => begun.replacer);
        progress.line(`Stack ${dir}: terraform init, and a plan of what would be replaced`);
        await terraform.init();
        const [{ cluster }] = asked;
        const { bucket, region } = await placeOf(cluster, flags, terraform);
        const from = { client: s3Client(region), bucket, cluster };
        const watch = new ClusterWatch({
          from,
          takeLock: (node, what) => MachineLock.take(from, node, what),
          ...{ nodes: nodes.map((node) => node.name), down: flags.down, timeoutMillis: flags.timeout },
        });
        const account = Ec2MachineAccount.inRegion(region);
        const replacer = (begun.replacer = new Replacer({
          terraform,
          account,
          watch,
          progress,
          isForced: flags.force,
          isNamed: name !== undefined,
        }));
        const found = await replacer.survey(asked);
        const wanted = found.filter(({ why }) => !flags.all || flags.force || why !== "current");
        console.log(renderReplacements(found, wanted));
        if (wanted.length === 0 || flags.dryRun) return;
        if (!flags.yes) await confirm();
        let end: string;
        try {
          end = await replacer.replace(wanted.map(({ node }) => node));
        } catch (failure) {
          console.error(replacer.whereItIs);
          throw failure;
        }
        console.log(`Replaced: ${wanted.map(({ node }) => node.name).join(", ")}. ${end}`);
      });
    });
}

function hasNodes(folder: string): boolean {
  try {
    return nodesOfProgram(folder).length > 0;
  } catch {
    return false;
  }
}

function askedFor(
  nodes: readonly ProgramNode[],
  name: string | undefined,
  { all, force, cluster }: ReplaceFlags,
): readonly ProgramNode[] {
  if ((name !== undefined) === all) throw new ValidationError("name a node, or give --all");
  if (force && !all) throw new ValidationError("--force is for --all: a node that is named is replaced in any case");
  if (name !== undefined) {
    requireNames(nodes, [name]);
    return nodes.filter((node) => node.name === name);
  }
  const clusters = [...new Set(nodes.map((node) => node.cluster))];
  if (cluster === undefined && clusters.length > 1) {
    throw new Problem(`the stack has several clusters: name one of ${clusters.join(", ")} with --cluster`);
  }
  const found = nodes.filter((node) => cluster === undefined || node.cluster === cluster);
  if (found.length > 0) return found;
  throw new Problem(`the stack has no cluster ${cluster ?? ""}: it has ${clusters.join(", ") || "none"}`);
}

function requireNames(nodes: readonly ProgramNode[], names: readonly string[]): void {
  const stranger = names.find((name) => !nodes.some((node) => node.name === name));
  if (stranger === undefined) return;
  throw new Problem(
    `the program has no node ${stranger}: it has ${nodes.map(({ name }) => name).join(", ") || "no node of a Flink cluster"}`,
  );
}

async function placeOf(
  cluster: string,
  flags: Pick<ReplaceFlags, "bucket" | "region">,
  terraform: Terraform,
): Promise<{ readonly bucket: string; readonly region: string }> {
  if (flags.bucket !== undefined && flags.region !== undefined) return { bucket: flags.bucket, region: flags.region };
  const output = ((await terraform.outputs())[cluster] ?? {}) as Readonly<Record<string, unknown>>;
  const { bucket = output.checkpoint_bucket, region = output.region } = flags;
  if (typeof bucket === "string" && typeof region === "string") return { bucket, region };
  throw new Problem(
    `the stack has no output of the cluster ${cluster} in its state: deploy it first, or give --bucket and --region`,
  );
}

async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) throw new ValidationError("there is nobody to ask whether that is meant: give --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question("Replace these machines, one after the other? (yes/no) ");
    if (answer.trim().toLowerCase() !== "yes") throw new Problem("nothing was done");
  } finally {
    terminal.close();
  }
}

/** Terraform is let end what it has begun; where it does nothing, so does the command at once. */
function onSignal(terraform: Terraform, replacer: () => Replacer | undefined): void {
  const end = (signal: keyof typeof EXIT_CODES): void => {
    if (terraform.isRunning || replacer()?.isApplying) {
      console.error("Terraform is let end what it has begun. Once more ends it at once.");
      terraform.interrupt();
      return;
    }
    console.error(replacer()?.whereItIs ?? "No machine was touched.");
    process.exit(EXIT_CODES[signal]);
  };
  // Where a terminal is gone nobody reads what is told, and Terraform has to end all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  // Else what shows progress on a terminal would end us, and Terraform would go on alone.
  signalsAreAwaited();
  for (const signal of Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[]) process.on(signal, end);
}
