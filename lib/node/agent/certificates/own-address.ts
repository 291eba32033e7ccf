import { lookup, reverse } from "dns/promises";
import { networkInterfaces } from "os";

/** As what others know this machine, beside its name in the cluster. */
export interface OwnAddress {
  /** Its private IPv4 address. */
  readonly address: string;
  /**
   * What the network's resolver calls that address, such as `ip-10-40-0-11.eu-west-1.compute.internal`; undefined
   * where it does not tell just now.
   */
  readonly names: readonly string[] | undefined;
}

/** Answers that say that there is no name, or that this resolver gives none to anybody. */
const NO_NAME = ["ENOTFOUND", "ENODATA", "EREFUSED", "ENOTIMP"];
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The private IPv4 address by which others know this machine: what its name stands for, provided that one of its
 * own interfaces has it. A certificate for an address of somebody else would let this machine pass for it.
 */
export async function ownAddress(
  host: string,
  interfaces: typeof networkInterfaces = networkInterfaces,
  ask: typeof reverse = reverse,
): Promise<OwnAddress> {
  const { address } = await lookup(host, { family: 4 });
  const own = Object.values(interfaces()).flatMap((addresses) => addresses ?? []);
  if (!own.some((each) => each.address === address)) {
    throw new Error(`${host} stands for ${address}, which is no address of this machine`);
  }
  return { address, names: await namesOf(address, ask) };
}

/**
 * Flink asks the resolver for the name of the TaskManager that it connects to, and Flink 2.3.0 compares that name with
 * the certificate, which no option turns off (FLINK-40727). A resolver that answers nobody is no reason not to start:
 * then the others are told no name either, and compare the address.
 */
async function namesOf(address: string, ask: typeof reverse): Promise<string[] | undefined> {
  try {
    const names = await ask(address);
    return names.map((name) => name.toLowerCase().replace(/\.$/, "")).filter((name) => HOST_NAME.test(name));
  } catch (error) {
    return NO_NAME.includes((error as NodeJS.ErrnoException).code ?? "") ? [] : undefined;
  }
}
