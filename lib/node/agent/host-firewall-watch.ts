import { loadHostFirewall, showHostFirewall } from "./host-firewall";
import { describeError, log } from "./log";
import type { Reporter } from "./reporter";

/** Two short programs each time. */
const LOOK_MILLIS = 30_000;
const TOPIC = "host firewall";
/** How the names of our chains begin. */
const CHAINS = "cdktf-flink-";

/** The kernel's rules, as far as they are ours. */
export interface HostFirewall {
  load(): Promise<void>;
  /** By name of the part. */
  show(): Promise<ReadonlyMap<string, string>>;
}

/**
 * Looks every half minute whether the machine's own firewall is still as it was loaded, and loads it anew where it is not:
 * another program may have cleared all rules, or laid its own before ours. The report tells how often that happened.
 */
export class HostFirewallWatch {
  /** As the kernel showed it just after it was loaded, in its own words. */
  private loaded?: ReadonlyMap<string, string>;
  private lastLook = -Infinity;
  private isLooking = false;
  private restored = 0;

  public constructor(
    private readonly reporter: Pick<Reporter, "setProblem" | "solve" | "setHostFirewall">,
    private readonly firewall: HostFirewall = { load: loadHostFirewall, show: showHostFirewall },
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /**
   * To be called often, and not to be waited for: the programs may hang until they are ended. There is never a second
   * look beside one. Never fails: what stands in the way is in the report.
   */
  public async look(): Promise<void> {
    if (this.isLooking || this.clock() - this.lastLook < LOOK_MILLIS) return;
    this.lastLook = this.clock();
    this.isLooking = true;
    try {
      await this.keep();
      this.reporter.solve(TOPIC);
    } catch (error) {
      this.reporter.setProblem(TOPIC, `the host firewall cannot be kept as it should be: ${describeError(error)}`);
    } finally {
      this.isLooking = false;
    }
  }

  private async keep(): Promise<void> {
    const { loaded } = this;
    if (!loaded) return this.load();
    const now = await this.firewall.show();
    // Also what was not there: IPv6 may come later.
    const parts = [...new Set([...loaded.keys(), ...now.keys()])];
    const changed = parts.filter((part) => now.get(part) !== loaded.get(part));
    if (changed.length === 0) return;
    log(`the host firewall was changed (${changed.join(", ")}): loading it anew`);
    await this.load();
    this.restored++;
    this.reporter.setHostFirewall({ restored: this.restored, lastRestoredAt: new Date().toISOString(), changed });
  }

  private async load(): Promise<void> {
    await this.firewall.load();
    const loaded = await this.firewall.show();
    // Ours are all that is in our chains, and lead there.
    const others = [...loaded].filter(([, rules]) => !rules.includes(CHAINS)).map(([part]) => part);
    if (others.length > 0) throw new Error(`${others.join(", ")} is not ours although it was loaded`);
    this.loaded = loaded;
  }
}
