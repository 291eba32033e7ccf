import { appendFileSync } from "fs";
import { PolicySource } from "./judge";
import { AccountPolicies, statementsInForce } from "./policies";
import { inForceLine } from "./statement-file";

/** Policies that are read when somebody asks and something changed since; the names of their statements go to a file. */
export class WatchedPolicies implements PolicySource {
  private readonly told = new Set<string>();
  private version = 0;
  private latest?: { readonly version: number; readonly policies: Promise<AccountPolicies> };

  public constructor(
    private readonly read: () => Promise<AccountPolicies>,
    /** A line for each statement that was ever in force. */
    private readonly statementFile: string,
  ) {}

  public current(): Promise<AccountPolicies> {
    if (this.latest?.version === this.version) return this.latest.policies;
    const policies = this.read().then((found) => this.tell(found));
    const latest = { version: this.version, policies };
    this.latest = latest;
    // What failed is tried again by the next who asks.
    policies.catch(() => {
      if (this.latest === latest) this.latest = undefined;
    });
    return policies;
  }

  public invalidate(): void {
    this.version++;
  }

  private tell(policies: AccountPolicies): AccountPolicies {
    const lines = statementsInForce(policies).map(inForceLine);
    const more = lines.filter((line) => !this.told.has(line));
    more.forEach((line) => this.told.add(line));
    if (more.length > 0) appendFileSync(this.statementFile, more.map((line) => `${line}\n`).join(""));
    return policies;
  }
}
