import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENS = "0A";
/** As the kernel writes them: four bytes from the last to the first, in IPv6 after the prefix of mapped addresses. */
const LOOPBACK = [/^0100007F$/, /^0000000000000000FFFF00000100007F$/, /^0{24}01000000$/];

/** Addresses beside loopback on which a process of this machine listens for TCP, as Linux writes them. */
export function listensBeyondLoopback(pid: number): { readonly sockets: number; readonly beyond: readonly string[] } {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const addresses = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTENS && own.has(fields[9]))
      .map((fields) => fields[1].split(":")[0]),
  );
  return {
    sockets: addresses.length,
    beyond: addresses.filter((address) => !LOOPBACK.some((pattern) => pattern.test(address))),
  };
}
