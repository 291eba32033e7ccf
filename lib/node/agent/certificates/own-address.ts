import { lookup } from "dns/promises";
import { networkInterfaces } from "os";

/**
 * The private IPv4 address by which others know this machine: what its name stands for, provided that one of its
 * own interfaces has it. A certificate for an address of somebody else would let this machine pass for it.
 */
export async function ownAddress(host: string, interfaces: typeof networkInterfaces = networkInterfaces) {
  const { address } = await lookup(host, { family: 4 });
  const own = Object.values(interfaces()).flatMap((addresses) => addresses ?? []);
  if (!own.some((each) => each.address === address)) {
    throw new Error(`${host} stands for ${address}, which is no address of this machine`);
  }
  return address;
}
