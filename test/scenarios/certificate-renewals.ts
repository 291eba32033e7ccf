import { waitFor } from "../lab/wait-for";
import { Deployment } from "./deployment";
import { readReports } from "./node-reports";

/** Follows which certificates the nodes report. */
export class CertificateRenewals {
  /** Node by process by the serial numbers seen, the first of them the one it began with. */
  private readonly seen = new Map<string, Map<string, Set<string>>>();

  public constructor(private readonly deployment: Deployment) {}

  /** Looks once; gives how often each node has renewed all of its certificates. */
  public async look(): Promise<Record<string, number>> {
    for (const { node, certificates } of await readReports(this.deployment)) {
      const processes = this.seen.get(node) ?? new Map<string, Set<string>>();
      this.seen.set(node, processes);
      for (const { process, serialNumber } of certificates?.issued ?? []) {
        processes.set(process, (processes.get(process) ?? new Set()).add(serialNumber));
      }
    }
    return Object.fromEntries(
      [...this.seen].map(([node, processes]) => [
        node,
        Math.min(...[...processes.values()].map(({ size }) => size)) - 1,
      ]),
    );
  }

  public async waitUntilEveryNodeRenewed(times: number, timeout: number): Promise<Record<string, number>> {
    return waitFor(
      async () => {
        const renewals = await this.look();
        return Object.values(renewals).every((count) => count >= times) && renewals;
      },
      { timeout, interval: 3000, what: `every node to renew its certificates ${times} times` },
    );
  }
}
