import * as fs from "fs/promises";
import * as os from "os";
import { PORTS } from "../ports";
import { TASK_MANAGER_USER } from "../users";
import { Accounts } from "./accounts";

const ESTABLISHED = "01";
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** One established connection, as the kernel lists it. */
export interface Connection {
  readonly uid: number;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Established connections of a table such as /proc/net/tcp6; addresses of IPv4 in IPv6 are given as IPv4. */
export function parseConnections(table: string): Connection[] {
  return table.split("\n").flatMap((line) => {
    const [, local, remote, state, , , , uid] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || !local || !remote) return [];
    const [remoteAddress, remotePort] = endpoint(remote);
    return [{ uid: Number(uid), localPort: endpoint(local)[1], remoteAddress, remotePort }];
  });
}

/**
 * Whether the JobManager of this machine leads, by the connections of its TaskManager: a TaskManager speaks with the
 * leader alone. Either may have opened the connection. Undefined while there is none, or while an old leader's is not
 * closed yet.
 */
export function leadsBy(
  connections: readonly Connection[],
  uid: number,
  own: ReadonlySet<string>,
): boolean | undefined {
  const leaders = connections.filter(
    (each) =>
      each.uid === uid &&
      (each.remotePort === PORTS.jobManagerRpc.port || each.localPort === PORTS.taskManagerRpc.port),
  );
  const found = new Set(leaders.map(({ remoteAddress }) => own.has(remoteAddress)));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Whether this machine's JobManager leads, as far as its kernel can tell. */
export async function leadsHere(): Promise<boolean | undefined> {
  const uid = (await Accounts.read()).owner(TASK_MANAGER_USER, TASK_MANAGER_USER).uid;
  const tables = await Promise.all(TABLES.map((file) => fs.readFile(file, "utf8").catch(() => "")));
  const own = new Set(
    Object.values(os.networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
  );
  return leadsBy(tables.flatMap(parseConnections), uid, own);
}

/** `0100007F:1F91`: the address in words of 32 bits, each in the machine's own order of bytes, and the port. */
function endpoint(text: string): [string, number] {
  const [address, port] = text.split(":");
  const bytes = Buffer.from(address, "hex");
  if (os.endianness() === "LE") bytes.swap32();
  return [showAddress(bytes), parseInt(port, 16)];
}

function showAddress(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join(".");
  const isMapped = bytes.readUInt32BE(0) === 0 && bytes.readUInt32BE(4) === 0 && bytes.readUInt32BE(8) === 0xffff;
  if (isMapped) return [...bytes.subarray(12)].join(".");
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(":");
  // Shortened as the system itself shows it.
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}
