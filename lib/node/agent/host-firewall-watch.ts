import { loadHostFirewall, showHostFirewall } from "./host-firewall";
import { describeError, log } from "./log";
import type { HostFirewallReport } from "../report";
import type { Reporter } from "./reporter";

/** Two short programs each time. */
const LOOK_MILLIS = 30_000;
const TOPIC = "host firewall";
/** A rule of a chain of ours. */
const OUR_RULE = /^-A cdktf-flink-/;
/** All that is asked of another program's chain: that it leads into ours. */
const WAY_TO_OURS = /^-A \S+ -j cdktf-flink-\S+$/;

/** The kernel's rules, as far as they are ours. */
export interface HostFirewall {
  load(): Promise<void>;
  /** By name of the part. */
  show(): Promise<ReadonlyMap<string, string>>;
}

/**
 * Looks every half minute whether the machine's own firewall is still as it was loaded, and loads it anew where it is not:
 * another program may have cleared all rules, or laid its own before ours. The report tells how often that happened. One
 * that lays its own before ours each time leaves ours whole, and no node that is to be mended: it is reported as well.
 */
export class HostFirewallWatch {
  /** As the kernel showed it just after it was loaded, in its own words. */
  private loaded?: ReadonlyMap<string, string>;
  private lastLook = -Infinity;
  private isLooking = false;
  private report?: HostFirewallReport;

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
    const changed = this.loaded && differing(this.loaded, await this.firewall.show());
    if (changed?.length === 0) return this.noteWhole();
    if (changed && !this.isKnown(changed))
      log(`the host firewall was changed (${changed.join(", ")}): loading it anew`);
    const overtaken = await this.load();
    // Also by the first load, as there was one before anything was started.
    if (changed || overtaken.length > 0) this.noteChanged(changed ?? overtaken, overtaken);
  }

  /** Tells where others come before ours all the same. */
  private async load(): Promise<readonly string[]> {
    await this.firewall.load();
    const shown = [...(await this.firewall.show())].map(([part, rules]) => ({ part, lines: rules.split("\n") }));
    const others = shown.filter(({ lines }) => !OUR_RULE.test(lines[0]) && !WAY_TO_OURS.test(lines.at(-1)!));
    if (others.length > 0) {
      throw new Error(`${others.map(({ part }) => part).join(", ")} is not ours although it was loaded`);
    }
    const overtaken = shown.filter(({ lines }) => !OUR_RULE.test(lines[0]) && lines.length > 1);
    this.loaded = new Map(
      shown.map(({ part, lines }) => [part, (OUR_RULE.test(lines[0]) ? lines : lines.slice(-1)).join("\n")]),
    );
    return overtaken.map(({ part }) => part);
  }

  /** The same as in the look before: a program that does so each time is named in the log once. */
  private isKnown(changed: readonly string[]): boolean {
    return String(this.report?.overtaken) === String(changed);
  }

  private noteChanged(changed: readonly string[], overtaken: readonly string[]): void {
    if (overtaken.length > 0 && !this.isKnown(overtaken)) {
      log(`another program keeps its rules before the host firewall: ${overtaken.join(", ")}`);
    }
    this.note({
      restored: (this.report?.restored ?? 0) + 1,
      lastRestoredAt: new Date().toISOString(),
      changed,
      ...(overtaken.length > 0 ? { overtaken } : {}),
    });
  }

  private noteWhole(): void {
    if (!this.report?.overtaken) return;
    const { restored, lastRestoredAt, changed } = this.report;
    this.note({ restored, lastRestoredAt, changed });
  }

  private note(report: HostFirewallReport): void {
    this.report = report;
    this.reporter.setHostFirewall(report);
  }
}

/** Also what was not there: IPv6 may come later. */
function differing(loaded: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] {
  const parts = [...new Set([...loaded.keys(), ...now.keys()])];
  return parts.filter((part) => now.get(part) !== loaded.get(part));
}
