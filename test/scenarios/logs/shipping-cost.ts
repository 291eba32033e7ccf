import { LOG_COLLECTOR_UNIT, LOG_EXPORTER_UNIT } from "../../../lib/node/logs/log-units";
import type { ShellHost } from "../shell-host";

/** What all processes of a unit together have taken until now. */
interface UnitReading {
  readonly processorSeconds: number;
  /** Bytes: of no file, and so the unit's alone. */
  readonly anonymous: number;
  /** Bytes: with its part of what is shared, and of the files that it has in memory. */
  readonly proportional: number;
  /** Bytes: all that it has in memory. */
  readonly resident: number;
}

type Readings = Readonly<Record<string, UnitReading>>;

/** What one of the shippers costs a node. */
export interface UnitCost {
  readonly unit: string;
  /** Of one core, on average over the time. */
  readonly corePercent: number;
  /** MB of 1,000,000 bytes, each the larger of the beginning and the end. */
  readonly anonymous: number;
  readonly proportional: number;
  readonly resident: number;
}

const OF_LOGS = [LOG_COLLECTOR_UNIT, LOG_EXPORTER_UNIT];

/** Whatever groups the machine's kernel keeps: a process knows its unit. */
const PROGRAM = `
import json, os, sys
PARTS = {"Anonymous": "anonymous", "Pss": "proportional", "Rss": "resident"}
units = {unit: dict.fromkeys(["processorSeconds", *PARTS.values()], 0) for unit in sys.argv[1:]}
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{pid}/cgroup") as file: group = file.read()
        unit = next((name for name in units if f"/{name}" in group), None)
        if unit is None: continue
        with open(f"/proc/{pid}/stat") as file: stat = file.read().rsplit(")", 1)[1].split()
        with open(f"/proc/{pid}/smaps_rollup") as file: memory = [line.split() for line in file.readlines()[1:]]
    except (FileNotFoundError, ProcessLookupError):
        continue
    # Its own and that of its children that have ended, in user mode and in the kernel.
    units[unit]["processorSeconds"] += sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")
    for name, kibibytes, *_ in memory:
        part = PARTS.get(name.rstrip(":"))
        if part: units[unit][part] += int(kibibytes) * 1024
print(json.dumps(units))
`;

/** What the shippers of a node, those of logs by default, take while something goes on, such as an idle minute. */
export async function measureShipping(
  node: ShellHost,
  meanwhile: () => Promise<void>,
  units: readonly string[] = OF_LOGS,
): Promise<UnitCost[]> {
  const since = Date.now();
  const first = await read(node, units);
  await meanwhile();
  const last = await read(node, units);
  return costs(first, last, (Date.now() - since) / 1000);
}

async function read(node: ShellHost, units: readonly string[]): Promise<Readings> {
  return JSON.parse(await node.run(["python3", "-c", PROGRAM, ...units])) as Readings;
}

/** Fails where a unit has no process, or another one than before. */
export function costs(first: Readings, last: Readings, seconds: number): UnitCost[] {
  return Object.keys(first).map((unit) => {
    const [before, after] = [first[unit], last[unit]];
    const processorSeconds = after.processorSeconds - before.processorSeconds;
    if (before.resident === 0 || after.resident === 0 || processorSeconds < 0) {
      throw new Error(`${unit} was not there all the time: ${JSON.stringify({ before, after })}`);
    }
    const megabytes = (part: "anonymous" | "proportional" | "resident") =>
      Math.round(Math.max(before[part], after[part]) / 1e5) / 10;
    return {
      unit,
      corePercent: Math.round((processorSeconds / seconds) * 1000) / 10,
      ...{
        anonymous: megabytes("anonymous"),
        proportional: megabytes("proportional"),
        resident: megabytes("resident"),
      },
    };
  });
}
