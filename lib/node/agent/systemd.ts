import * as path from "path";
import type { UnitSpec } from "../desired-state";
import { mustRun } from "./command";
import { writeFileAtomically } from "./files";

const UNIT_FOLDER = "/etc/systemd/system";

/** How a unit is, in systemd's words. */
export interface UnitState {
  readonly name: string;
  readonly active: boolean;
  /** Such as `active (running)` or `failed (Result: exit-code)`. */
  readonly state: string;
  readonly restarts: number;
  /** ISO 8601 in UTC. */
  readonly since?: string;
}

/** Writes units; makes systemd read them if any is new. */
export async function writeUnits(units: readonly UnitSpec[]): Promise<void> {
  let changed = false;
  for (const unit of units) {
    changed = (await writeFileAtomically(path.join(UNIT_FOLDER, unit.name), unit.content)) || changed;
  }
  if (changed) await mustRun("systemctl", ["daemon-reload"]);
}

/** Starts a unit; one that runs is left alone. */
export async function startUnit(name: string): Promise<void> {
  await mustRun("systemctl", ["start", name], 120);
}

/** Stops those that run, in the order given. */
export async function stopUnits(names: readonly string[]): Promise<void> {
  for (const { name, state } of await showUnits(names)) {
    if (!state.startsWith("inactive")) await mustRun("systemctl", ["stop", name], 120);
  }
}

const SHOWN = "Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestamp";

export async function showUnits(names: readonly string[]): Promise<UnitState[]> {
  if (names.length === 0) return [];
  return parseShow(await mustRun("systemctl", ["show", "--timestamp=unix", `--property=${SHOWN}`, "--", ...names]));
}

/** Blocks of `Key=value`, one per unit, parted by an empty line. */
export function parseShow(text: string): UnitState[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => new Map(block.split("\n").map((line) => splitOnce(line))))
    .map((shown) => {
      const active = shown.get("ActiveState") === "active";
      const result = shown.get("Result") ?? "success";
      const detail = result === "success" ? shown.get("SubState") : `Result: ${result}`;
      const since = /^@(\d+)$/.exec(shown.get("ActiveEnterTimestamp") ?? "")?.[1];
      return {
        name: shown.get("Id") ?? "",
        active,
        state: `${shown.get("ActiveState")} (${active ? shown.get("SubState") : detail})`,
        restarts: Number(shown.get("NRestarts") ?? 0),
        ...(active && since ? { since: new Date(Number(since) * 1000).toISOString() } : {}),
      };
    });
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf("=");
  return [line.slice(0, at), line.slice(at + 1)];
}
