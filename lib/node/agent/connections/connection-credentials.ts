import { setTimeout as sleep } from "timers/promises";
import type { ConnectionCredentialSpec } from "../../desired-state";
import { CONNECTION_CREDENTIALS } from "../../paths";
import { FLINK_GROUP } from "../../users";
import { Accounts } from "../accounts";
import type { Owner } from "../files";
import { describeError, log } from "../log";
import type { Reporter } from "../reporter";
import { CredentialFolder } from "./credential-folder";
import { inSeconds } from "./kafka-certificate";
import { goOnLooking, SecretLookTimes } from "./secret-looks";
import type { SecretReader } from "./secrets-manager";

/** What can be set in tests. */
export interface ConnectionTimes extends SecretLookTimes {
  /** How long Flink's start waits for the first ones. */
  readonly patienceMillis: number;
}

/**
 * A job that meets a refused password gives up after 10 failures in 5 minutes, each 10 seconds after the one before: a new
 * password must be there earlier.
 */
const TIMES: ConnectionTimes = { lookMillis: 60_000, firstRetryMillis: 1_000, patienceMillis: 30_000 };

/** Whoever issues certificates may need some days. */
const LAST_WEEK_MILLIS = 7 * 24 * 3600_000;

/** In a report, of what a service says. */
const LONGEST_REASON = 300;

/** How far the keeping is. */
export interface Keeping {
  /** Each was tried once and the others are removed, or Flink's start has waited for it as long as it may. */
  readonly tried: Promise<void>;
  /** After the signal. */
  readonly ended: Promise<void>;
}

/**
 * Keeps for each connection whose system asks who calls what its secret holds now: in files in memory, for Flink's
 * processes alone. The files outlive the agent, as Flink does, and none of what they hold is logged or reported.
 *
 * While a secret cannot be read, or holds something else, the last good credential stays, and the report says so.
 */
export class ConnectionCredentials {
  private readonly kept: CredentialFolder;

  public constructor(
    private readonly secrets: SecretReader,
    private readonly reporter: Pick<Reporter, "setConnectionProblem">,
    folder: string = CONNECTION_CREDENTIALS,
    readers: () => Promise<Owner> = async () => (await Accounts.read()).owner("root", FLINK_GROUP),
    private readonly times: ConnectionTimes = TIMES,
  ) {
    this.kept = new CredentialFolder(folder, readers);
  }

  /**
   * Keeps them until the signal, and removes those of all other connections. Never fails: what stands in the way is in
   * the report.
   */
  public keep(specs: readonly ConnectionCredentialSpec[], signal: AbortSignal): Keeping {
    const removed = this.kept.removeAllBut(specs).catch((error: unknown) => {
      log(`credentials of connections that are no more cannot be removed: ${describeError(error)}`);
    });
    const first = specs.map((spec) => removed.then(() => this.look(spec)));
    const each = specs.map(async (spec, index) =>
      goOnLooking(() => this.look(spec), await first[index], this.times, signal),
    );
    return {
      tried: this.patiently(Promise.all([removed, ...first]), signal),
      ended: Promise.all(each).then(() => undefined),
    };
  }

  private async patiently(tried: Promise<unknown>, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const bound = AbortSignal.any([over.signal, signal]);
    const patience = sleep(this.times.patienceMillis, undefined, { signal: bound }).catch(() => undefined);
    await Promise.race([tried, patience]);
    over.abort();
  }

  private async look(spec: ConnectionCredentialSpec): Promise<string | undefined> {
    const problem = await this.refresh(spec);
    this.reporter.setConnectionProblem(spec.name, problem);
    return problem;
  }

  /** Tells what is wrong or soon will be, one sentence without a full stop; nothing when jobs have what the secret holds. */
  private async refresh(spec: ConnectionCredentialSpec): Promise<string | undefined> {
    const { name, secretArn } = spec;
    try {
      const { isNew, goodUntil } = await this.kept.put(spec, await this.secrets.read(secretArn));
      if (isNew) log(`jobs have a new credential of the connection ${name}`);
      if (!goodUntil || goodUntil.getTime() - Date.now() > LAST_WEEK_MILLIS) return undefined;
      return `the credential of the connection ${name} is good until ${inSeconds(goodUntil)} only: store another in its secret`;
    } catch (error) {
      return `no new credential of the connection ${name}, and ${await this.whatJobsHave(spec)}: ${describeError(error).slice(0, LONGEST_REASON)}`;
    }
  }

  private async whatJobsHave(spec: ConnectionCredentialSpec): Promise<string> {
    const secret = await this.kept.secretOf(spec).catch(() => undefined);
    if (secret === undefined) return "jobs have none";
    return `jobs have the one ${secret === spec.secretArn ? "that was read before" : "of the secret that was named before"}`;
  }
}
