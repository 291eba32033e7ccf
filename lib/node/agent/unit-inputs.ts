import { createHash } from "crypto";
import * as path from "path";
import type { DesiredState, NodeSpec, UnitSpec } from "../desired-state";
import { STARTED_UNITS_FILE, STATE } from "../paths";
import { readIfThere, writeFileAtomically } from "./files";

/**
 * A hash of all that a unit is when it starts: its text, which names software by its hash, and what it reads, with its
 * certificates by their hash. Where it is the same the unit needs no new start.
 */
export function hashInputs(state: DesiredState, node: NodeSpec, unit: UnitSpec, certificates?: string): string {
  const isRead = ({ path: read }: { readonly path: string }): boolean =>
    unit.reads?.some((folder) => read === folder || read.startsWith(`${folder}/`)) ?? true;
  const inputs = {
    content: unit.content,
    files: [...state.files, ...node.files].filter(isRead),
    links: state.linkFolders.filter(isRead),
    directories: state.directories.filter(isRead),
    certificates,
  };
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
}

/** Hashes of the inputs by name of the unit, of all units of a node; those of its certificates are given by name too. */
export function inputsOfUnits(
  state: DesiredState,
  node: NodeSpec,
  certificates: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  return new Map(
    node.units.map((name) => [
      name,
      hashInputs(
        state,
        node,
        state.units.find((unit) => unit.name === name)!,
        certificates.get(name),
      ),
    ]),
  );
}

/**
 * With which inputs each unit of this machine was started last. It is written before a start and outlives the agent:
 * so an agent that begins anew in the middle of a change knows what is left to be stopped.
 */
export class StartedUnits {
  private readonly file: string;

  public constructor(folder: string = STATE) {
    this.file = path.join(folder, path.basename(STARTED_UNITS_FILE));
  }

  public async record(unit: string, inputs: string): Promise<void> {
    await this.write({ ...(await this.read()), [unit]: inputs });
  }

  /**
   * Units that were started with other inputs, or may have been, or are not wanted any more; in the order to stop them.
   * Where the file is damaged, nobody knows what they were started with: `isChanged` says whether this node is in the
   * middle of a change, and only then all count as outdated. Else units that serve are not stopped: they are written
   * down as started with what is wanted.
   */
  public async outdated(wanted: ReadonlyMap<string, string>, isChanged: () => Promise<boolean>): Promise<string[]> {
    const known = await this.readIfWhole();
    if (!known && !(await isChanged())) {
      await this.write(Object.fromEntries(wanted));
      return [];
    }
    const started = known ?? {};
    const unwanted = Object.keys(started).filter((unit) => !wanted.has(unit));
    const changed = [...wanted].filter(([unit, inputs]) => started[unit] !== inputs).map(([unit]) => unit);
    return [...unwanted, ...changed.reverse()];
  }

  /** They are stopped. */
  public async forget(units: readonly string[]): Promise<void> {
    const started = await this.read();
    await this.write(Object.fromEntries(Object.entries(started).filter(([unit]) => !units.includes(unit))));
  }

  private async read(): Promise<Record<string, string>> {
    return (await this.readIfWhole()) ?? {};
  }

  /** Nothing when it is damaged. */
  private async readIfWhole(): Promise<Record<string, string> | undefined> {
    const text = (await readIfThere(this.file))?.toString() ?? "{}";
    try {
      return JSON.parse(text) as Record<string, string>;
    } catch {
      return undefined;
    }
  }

  private async write(started: Record<string, string>): Promise<void> {
    await writeFileAtomically(this.file, `${JSON.stringify(started)}\n`, 0o600);
  }
}
