import { createColors } from "picocolors";
import type { NodeReport } from "../../node/report";
import { type ClusterStatus, describeRoll, nodesBehind, type NodeStatus, type NodeVerdict } from "../node-status";
import { nodeNotes } from "./node-notes";
import { renderFlink } from "./render-flink";
import { columns, counted, shortHash, spanInWords, timeInWords } from "./words";

type Colours = ReturnType<typeof createColors>;

const COLOUR: Readonly<Record<NodeVerdict, "green" | "yellow" | "red" | "dim">> = {
  healthy: "green",
  starting: "yellow",
  rolling: "yellow",
  outdated: "yellow",
  unhealthy: "red",
  silent: "red",
  unknown: "red",
  removed: "dim",
};

/** A cluster as a person reads it. */
export function renderStatus(status: ClusterStatus, colourful = false): string {
  const colours = createColors(colourful);
  const { nodes, flink } = status;
  return [
    summary(status, colours),
    "",
    nodeTable(nodes, colours),
    ...notes(nodes, colours),
    "",
    renderFlink(flink, colours),
    "",
    ...integrations(nodes),
    ...change(status),
  ].join("\n");
}

/** How many of the nodes that the cluster shall have are healthy. */
function summary({ cluster, nodes }: ClusterStatus, colours: Colours): string {
  const own = nodes.filter(({ verdict }) => verdict !== "removed");
  const healthy = own.filter(({ verdict }) => verdict === "healthy").length;
  const text =
    healthy === own.length && own.length > 0
      ? colours.green(own.length === 1 ? "its node is healthy" : `all ${own.length} nodes are healthy`)
      : colours.red(`${healthy} of ${counted(own.length, "node")} ${healthy === 1 ? "is" : "are"} healthy`);
  return `${colours.bold(cluster)}: ${text}`;
}

function nodeTable(nodes: readonly NodeStatus[], colours: Colours): string {
  return columns(
    ["node", "status", "leads", "runs", "since", "reported", "certificates until"],
    nodes.map(({ node, verdict, since, reportAgeSeconds, report }) => [
      node,
      colours[COLOUR[verdict]](verdict),
      report?.leads && verdict !== "silent" ? "yes" : "",
      [report?.running?.sha256, report?.pending?.sha256].map(shortHash).filter(Boolean).join(" → "),
      timeInWords(since ?? ""),
      reportAgeSeconds === undefined ? "never" : `${spanInWords(reportAgeSeconds)} ago`,
      firstEnd(report).slice(0, "2026-03-01".length),
    ]),
  );
}

/** When the first certificate of a node ends. */
function firstEnd(report: NodeReport | undefined): string {
  const [first = ""] = (report?.certificates?.issued ?? []).map(({ notAfter }) => notAfter).sort();
  return first;
}

function notes(nodes: readonly NodeStatus[], colours: Colours): readonly string[] {
  const told = nodes.flatMap((status) => nodeNotes(status).map((note) => `${colours.bold(status.node)}: ${note}`));
  return told.length > 0 ? ["", ...told] : [];
}

/** Where logs and metrics of the nodes go at all, and whether they get there; why not, is told of the node. */
function integrations(nodes: readonly NodeStatus[]): readonly string[] {
  const told = nodes.filter(({ verdict }) => verdict !== "removed" && verdict !== "silent");
  return [shipped(told, "Logs", ({ logs }) => logs), shipped(told, "Metrics", ({ metrics }) => metrics)];
}

function shipped(
  nodes: readonly NodeStatus[],
  what: string,
  partOf: (report: NodeReport) => { readonly problem?: string } | undefined,
): string {
  const shipping = nodes.filter(({ report }) => report && partOf(report));
  if (shipping.length === 0) return `${what} are not shipped.`;
  const ill = shipping.filter(({ report }) => partOf(report!)?.problem !== undefined);
  if (ill.length === 0) return `${what} are shipped by ${counted(shipping.length, "node")}.`;
  return `${what} are not shipped by ${ill.map(({ node }) => node).join(", ")} just now, of ${counted(shipping.length, "node")}.`;
}

/** What the nodes shall run, how far that is, and what no roll brings to a machine. */
function change(status: ClusterStatus): readonly string[] {
  const { desiredSha256, desiredProblem, roll } = status;
  const problem = desiredProblem === undefined ? "" : ` (${desiredProblem})`;
  const behind = nodesBehind(status);
  return [
    desiredSha256 === undefined ? "There is no desired state." : `Desired: ${shortHash(desiredSha256)}${problem}.`,
    roll ? `Rolling change: ${describeRoll(roll)}.` : "There was no rolling change yet.",
    ...(behind.length === 0
      ? []
      : [
          `Made of another image than ${status.desiredImageId}: ${behind.join(", ")}. \`npx cdktf-flink replace --all\` makes them anew, one at a time.`,
        ]),
  ];
}
