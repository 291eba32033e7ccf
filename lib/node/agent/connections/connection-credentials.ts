import * as fs from "fs/promises";
import * as path from "path";
import { setTimeout as sleep } from "timers/promises";
import type { ConnectionCredential, ConnectionCredentialSpec } from "../../desired-state";
import { CONNECTION_CREDENTIALS, connectionCredentialsFile } from "../../paths";
import { FLINK_GROUP } from "../../users";
import { Accounts } from "../accounts";
import { ensureFolder, Owner, readIfThere, writeFileAtomically } from "../files";
import { describeError, log } from "../log";
import type { Reporter } from "../reporter";
import { renderJavaProperties } from "./java-properties";
import { kafkaScramProperties } from "./kafka-scram";
import type { SecretReader } from "./secrets-manager";

/** What can be set in tests. */
export interface ConnectionTimes {
  /**
   * Between two looks at a secret. A job that meets a refused password gives up after 10 failures in 5 minutes, each
   * 10 seconds after the one before: a new password must be there earlier.
   */
  readonly lookMillis: number;
  readonly firstRetryMillis: number;
  /** How long Flink's start waits for the first ones. */
  readonly patienceMillis: number;
}

const TIMES: ConnectionTimes = { lookMillis: 60_000, firstRetryMillis: 1_000, patienceMillis: 30_000 };

/** In a report, of what a service says. */
const LONGEST_REASON = 300;

/** How far the keeping is. */
export interface Keeping {
  /** Each was tried once, or Flink's start has waited for it as long as it may. */
  readonly tried: Promise<void>;
  /** After the signal. */
  readonly ended: Promise<void>;
}

/** What becomes of a secret, by the kind of the credential. */
const FORMS: Readonly<Record<ConnectionCredential["kind"], (secret: string) => Readonly<Record<string, string>>>> = {
  "kafka-scram": kafkaScramProperties,
};

/**
 * Keeps a file for each connection whose system asks who calls, with what its secret holds now: in memory, for Flink's
 * processes alone. The files outlive the agent, as Flink does, and none of what they hold is logged or reported.
 *
 * While a secret cannot be read, or holds something else, the last good file stays, and the report says so.
 */
export class ConnectionCredentials {
  public constructor(
    private readonly secrets: SecretReader,
    private readonly reporter: Pick<Reporter, "setConnectionProblem">,
    private readonly folder: string = CONNECTION_CREDENTIALS,
    private readonly readers: () => Promise<Owner> = async () => (await Accounts.read()).owner("root", FLINK_GROUP),
    private readonly times: ConnectionTimes = TIMES,
  ) {}

  /**
   * Keeps them until the signal, and removes those of all other connections. Never fails: what stands in the way is in
   * the report.
   */
  public keep(specs: readonly ConnectionCredentialSpec[], signal: AbortSignal): Keeping {
    const removed = this.removeOthers(specs).catch((error: unknown) => {
      log(`credentials of connections that are no more cannot be removed: ${describeError(error)}`);
    });
    const first = specs.map((spec) => removed.then(() => this.look(spec)));
    const each = specs.map((spec, index) => first[index].then((problem) => this.goOn(spec, problem, signal)));
    return { tried: this.patiently(Promise.all(first), signal), ended: Promise.all(each).then(() => undefined) };
  }

  private async patiently(tried: Promise<unknown>, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const bound = AbortSignal.any([over.signal, signal]);
    const patience = sleep(this.times.patienceMillis, undefined, { signal: bound }).catch(() => undefined);
    await Promise.race([tried, patience]);
    over.abort();
  }

  /** After a look that told of this problem, or of none. */
  private async goOn(spec: ConnectionCredentialSpec, first: string | undefined, signal: AbortSignal): Promise<void> {
    const { firstRetryMillis, lookMillis } = this.times;
    let [problem, retry] = [first, firstRetryMillis];
    while (!signal.aborted) {
      const wait = problem === undefined ? lookMillis : retry;
      retry = problem === undefined ? firstRetryMillis : Math.min(retry * 2, lookMillis);
      // Never in step with other nodes.
      await sleep(wait * (0.75 + Math.random() / 4), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) problem = await this.look(spec);
    }
  }

  private async look(spec: ConnectionCredentialSpec): Promise<string | undefined> {
    const problem = await this.refresh(spec);
    this.reporter.setConnectionProblem(spec.name, problem);
    return problem;
  }

  /** Tells what is wrong, one sentence without a full stop; nothing when the file is as the secret. */
  private async refresh(spec: ConnectionCredentialSpec): Promise<string | undefined> {
    const { name, kind, secretArn } = spec;
    try {
      const properties = FORMS[kind](await this.secrets.read(secretArn));
      const readers = await this.readers();
      await ensureFolder(this.folder, 0o750, readers);
      const text = renderJavaProperties(secretArn, properties);
      if (await writeFileAtomically(this.fileOf(name), text, 0o640, readers)) {
        log(`jobs have a new credential of the connection ${name}`);
      }
      return undefined;
    } catch (error) {
      return `no new credential of the connection ${name}, and ${await this.kept(spec)}: ${describeError(error).slice(0, LONGEST_REASON)}`;
    }
  }

  /** What was read of another secret stays until the new one could be read: jobs may go on with it. */
  private async removeOthers(specs: readonly ConnectionCredentialSpec[]): Promise<void> {
    const kept = new Set(specs.map(({ name }) => this.fileOf(name)));
    const found = await fs.readdir(this.folder).catch(() => []);
    for (const file of found.map((entry) => path.join(this.folder, entry))) {
      if (!kept.has(file)) await fs.rm(file, { recursive: true });
    }
  }

  /** What jobs have meanwhile: the first line of a file says of which secret it is. */
  private async kept({ name, secretArn }: ConnectionCredentialSpec): Promise<string> {
    const found = (await readIfThere(this.fileOf(name)).catch(() => undefined))?.toString();
    if (found === undefined) return "jobs have none";
    const isOfSecret = found.startsWith(renderJavaProperties(secretArn, {}));
    return `jobs have the one ${isOfSecret ? "that was read before" : "of the secret that was named before"}`;
  }

  private fileOf(name: string): string {
    return path.join(this.folder, path.basename(connectionCredentialsFile(name)));
  }
}
