import type { StoreKind } from "./metrics-stacks";

/** A value that a store holds. */
export interface StoredValue {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  /** Those of `LABELS` that it carries. */
  readonly labels: Labels;
}

/** What tells values of one name from each other here. */
export const LABELS = ["node", "job_name", "path", "input"] as const;
export type Labels = Readonly<Partial<Record<(typeof LABELS)[number], string>>>;

/** The name of a value: of its kind (a measurement, a table), and its own. */
export interface ValueName {
  /** Such as `flink_jobmanager_job`. */
  readonly kind: string;
  /** Such as `numRestarts`. */
  readonly name: string;
}

/** What was shown of the time after which a store takes values away. */
export interface RetentionRecord {
  readonly what: string;
  /** How many old values were there, and of those that are young enough. */
  readonly oldBefore: number;
  readonly oldAfter: number;
  readonly youngKept: number;
}

/** A server that keeps metrics, as somebody else keeps it: it speaks TLS alone, and asks everybody for a password. */
export interface MetricsStore {
  readonly kind: StoreKind;
  /** What it is, with its version. */
  readonly title: string;
  /** What the secret of its user holds. */
  readonly secret: Readonly<Record<string, string>>;
  /** The same with another password, which it does not know. */
  readonly wrongSecret: Readonly<Record<string, string>>;
  /** The text in the secret that nobody but the node's Telegraf may have. */
  readonly password: string;
  /** Whether Telegraf reads another login while it runs: of others what it keeps goes with its new start. */
  readonly keepsWithAnotherLogin: boolean;

  /** Lays it out on its machine and starts it. */
  start(): Promise<void>;
  /** Nobody listens on its port. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  /** Begins anew with a certificate for the same name by an authority that nobody trusts, or its own again. */
  showCertificate(whose: "a stranger's" | "its own"): Promise<void>;
  /** All values of a name since then, in the order of their time; none where the name is not known. */
  read(name: ValueName, since: number): Promise<readonly StoredValue[]>;
  /** Shows that it takes old values away and keeps young ones; absent where it has no time short enough for a test. */
  showRetention?(): Promise<RetentionRecord>;
}

/** In the order of their time. */
export function sortedByTime(values: readonly StoredValue[]): readonly StoredValue[] {
  return [...values].sort((one, other) => one.at - other.at);
}

/** Labels without those that are not there. */
export function labelsOf(tags: Readonly<Record<string, string | null | undefined>>): Labels {
  return Object.fromEntries(LABELS.flatMap((name) => (tags[name] ? [[name, tags[name]]] : [])));
}
