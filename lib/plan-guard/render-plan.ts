import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { createColors } from "picocolors";
import type { ClusterChanges, ClusterResize, ClusterRoll } from "./cluster-changes";
import type { Door } from "./doors";
import type { PlanJudgement, StateChange, TouchedResource } from "./judge-plan";
import { isDown } from "./machines";
import type { PermissionChange } from "./permissions";
import { shownText } from "./shown-value";
import type { ToldImage } from "./told-images";

type Colours = ReturnType<typeof createColors>;

/** What each action is called of a resource that it befell. */
const DONE = {
  create: "created",
  update: "changed",
  delete: "deleted",
  replace: "replaced",
  forget: "forgotten",
} as const;

const AWAITED = "The apply waits until all nodes are healthy and run what they shall, and fails where they do not.";
const NOT_AWAITED = "The apply does not wait for the nodes.";

/** Longer text goes on in the next line. */
const WIDEST_COLUMN = 80;
/** More would hide what stands around them, as where all is destroyed. */
const MOST_ADDRESSES = 15;

/** A plan as a person reads it; whether it is dangerous stands last. */
export function renderPlan(judgement: PlanJudgement, colourful: boolean): string {
  const colours = createColors(colourful);
  const { clusters, doors, permissions, resources, stateChanges, notes } = judgement;
  const sections = [
    ...clusters.flatMap((cluster) => renderCluster(cluster, colours)),
    renderDoors(doors, colours),
    renderPermissions(permissions, colours),
    section("Resources", countsOf(resources), colours),
    section("State", atMost(stateChanges.map(stateLine)), colours),
    section("Mind", notes.map(shownText), colours),
    renderVerdict(judgement, colours),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

function renderCluster(
  { cluster, machines, resize, roll, toldImage, isAwaited }: ClusterChanges,
  colours: Colours,
): string[] {
  const head = colours.bold(`Cluster ${shownText(cluster)}`);
  const table = tableOf(
    ["node", "what", "why"],
    machines.map((machine) => [
      shownText(machine.node),
      isDown(machine) ? colours.red(machine.fate) : machine.fate,
      machine.why,
    ]),
  );
  const nothing = "No machine is stopped, replaced or removed.";
  const isQuiet = !machines.some(isDown) && (resize?.machines ?? []).length === 0;
  return [
    [head, ...(isQuiet ? [nothing] : []), ...(machines.length > 0 ? [table] : [])].join("\n"),
    ...(resize ? [renderResize(resize)] : []),
    ...(toldImage ? [renderImage(toldImage)] : []),
    ...(roll ? [renderRoll(roll)] : []),
    ...(isAwaited ? [AWAITED] : roll ? [NOT_AWAITED] : []),
  ];
}

function renderImage({ before, after }: ToldImage): string {
  return `New machines are made of the image ${shownText(after)}, no more of ${shownText(before)}. No machine is touched for that: after the apply \`npx cdktf-flink status\` names those that are behind.`;
}

function renderResize({ machines, volumes, meaning }: ClusterResize): string {
  const rows = machines.map(({ node, types }) => [shownText(node), types]);
  const how =
    "The apply stops, changes and starts these machines, one after the other, the leader's last, each while all other nodes are well:";
  return [
    ...(volumes === undefined ? [] : [`The ${volumes}.`]),
    ...(rows.length > 0 ? [how, tableOf(["node", "type"], rows)] : []),
    meaning,
  ].join("\n");
}

function renderRoll({ differences, startedAnew = {}, meaning, isTogether }: ClusterRoll): string {
  if (!differences) return meaning;
  const rows = differences.map(({ of, what, nodes }) => [of, what, nodes ? nodes.join(", ") : "all"]);
  const units = Object.entries(startedAnew).map(([unit, nodes]) => `  ${unit} starts anew on ${nodes.join(", ")}`);
  return [
    `The nodes take this over by themselves, ${isTogether ? "all at once" : "one after the other"}:`,
    tableOf(["of", "change", "nodes"], rows),
    ...units,
    meaning,
  ].join("\n");
}

function renderDoors(doors: readonly Door[], colours: Colours): string {
  if (doors.length === 0) return "";
  const rows = doors.map(({ change, direction, group, peer, ports, description }) => [
    change === "opens" ? colours.yellow(change) : change,
    group,
    direction === "in" ? `from ${peer}` : `to ${peer}`,
    ports,
    description,
  ]);
  return [colours.bold("Doors"), tableOf(["what", "of", "peer", "ports", "description"], rows)].join("\n");
}

function renderPermissions(permissions: readonly PermissionChange[], colours: Colours): string {
  const lines = permissions.map(({ of, widens, what }) => `${widens ? colours.yellow("+") : "-"} ${of}: ${what}`);
  return section("Permissions (+ may more, - may less)", lines, colours);
}

/** How many resources of each type, and the addresses of those that end and of which nothing is said above. */
function countsOf(resources: readonly TouchedResource[]): readonly string[] {
  return Object.entries(DONE).flatMap(([action, done]) => {
    const own = resources.filter((resource) => resource.action === action);
    if (own.length === 0) return [];
    const types = [...new Set(own.map(({ type }) => type))].sort();
    const counts = types.map((type) => `${type} ${own.filter((resource) => resource.type === type).length}`);
    const ends = action === "delete" || action === "replace" ? own.filter(({ isTold }) => !isTold) : [];
    return [
      `${own.length} ${done}: ${counts.join(", ")}`,
      ...atMost(ends.map(({ address }) => address)).map((line) => `  ${line}`),
    ];
  });
}

function stateLine({ address, movedFrom }: StateChange): string {
  return movedFrom === undefined ? `${address} is imported` : `${movedFrom} is called ${address}`;
}

/** Lines about one address each. */
function atMost(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_ADDRESSES;
  return more > 0 ? [...lines.slice(0, MOST_ADDRESSES), `… and ${more} more: --json names all`] : lines;
}

function renderVerdict(judgement: PlanJudgement, colours: Colours): string {
  const { dangers, isDangerous, resources, stateChanges, outputs } = judgement;
  if (resources.length === 0 && dangers.length === 0) {
    if (outputs.length > 0) {
      return `The plan touches no resource. Outputs that have another value, or may have: ${outputs.map(shownText).join(", ")}.`;
    }
    return stateChanges.length > 0 ? "The plan touches no resource." : "The plan changes nothing.";
  }
  if (dangers.length === 0) return colours.green("Nothing of it is dangerous.");
  const lines = dangers.map(({ address, why, isAllowed }) => {
    const line = `${address} ${why}`;
    return isAllowed ? `${line} (allowed)` : colours.red(line);
  });
  const last = isDangerous
    ? "If that is meant, allow each by its address: --allow <address>."
    : "All of that is allowed.";
  return [section("Dangerous", lines, colours), last].join("\n");
}

function section(head: string, lines: readonly string[], colours: Colours): string {
  return lines.length === 0 ? "" : [colours.bold(head), ...lines.map((line) => `  ${line}`)].join("\n");
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widthOf = (cell: string): number => Math.min(stripVTControlCharacters(cell).length, WIDEST_COLUMN) + 2;
  const colWidths = head.map((title, column) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column]))));
  const table = new Table({ head: [...head], style: { head: [], border: [] }, colWidths, wordWrap: true });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
