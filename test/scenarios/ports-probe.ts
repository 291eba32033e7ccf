import { ShellHost } from "./shell-host";

/** Where a connection is tried to. */
export interface ProbeTarget {
  /** An address; or a name, which must resolve. */
  readonly host: string;
  readonly port: number;
}

/**
 * What became of it: `open`: somebody took it; `refused`: it arrived where nobody listens; `silent`: something on
 * the way swallowed it.
 */
export type ProbeOutcome = "open" | "refused" | "silent";

/** Whether a firewall let it through. */
export function passed(outcome: ProbeOutcome): boolean {
  return outcome !== "silent";
}

const PROBE_SECONDS = 2;

/** All at once, as most of what is tried is expected to be swallowed; what is none of the three outcomes fails. */
const PROGRAM = `
import concurrent.futures, json, socket, sys

def probe(target):
    try:
        socket.create_connection((target["host"], target["port"]), ${PROBE_SECONDS}).close()
        return "open"
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"

targets = json.load(sys.stdin)
with concurrent.futures.ThreadPoolExecutor(max(1, len(targets))) as pool:
    print(json.dumps(list(pool.map(probe, targets))))
`;

/** Tries TCP connections from a machine, each for two seconds; the outcomes come in the order of the targets. */
export async function probePorts(from: ShellHost, targets: readonly ProbeTarget[]): Promise<ProbeOutcome[]> {
  const out = await from.run(["python3", "-c", PROGRAM], { input: JSON.stringify(targets), timeout: 60_000 });
  return JSON.parse(out) as ProbeOutcome[];
}

/** TCP ports on which something listens that other machines may reach: not on loopback alone. */
export async function listeningPorts(machine: ShellHost): Promise<number[]> {
  return parseListeningPorts(await machine.run(["ss", "-tlnH"]));
}

/** The ports in what `ss -tlnH` prints, without those on loopback, in rising order. */
export function parseListeningPorts(text: string): number[] {
  const ports = text
    .split("\n")
    .filter(Boolean)
    .flatMap((line) => {
      const [, address, port] = /^(.*):(\d+)$/.exec(line.split(/\s+/)[3] ?? "") ?? [];
      if (address === undefined) throw new Error(`ss printed a line that is not understood: ${line}`);
      return isLoopback(address) ? [] : [Number(port)];
    });
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** `127.0.0.53%lo`, `[::1]` and `[::ffff:127.0.0.1]` are. */
function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  return bare === "::1" || bare.replace(/^::ffff:/, "").startsWith("127.");
}
