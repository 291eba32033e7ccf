import { EventEmitter, once } from "events";
import { setTimeout as sleep } from "timers/promises";
import { describeError, log } from "./log";
import type { Reporter } from "./reporter";
import type { SessionCredentials } from "./sts";

/** What can be set in tests. */
export interface RenewalTimes {
  readonly firstRetryMillis: number;
  readonly largestRetryMillis: number;
  /** However short-lived the credentials are. */
  readonly shortestPauseMillis: number;
}

const TIMES: RenewalTimes = { firstRetryMillis: 1_000, largestRetryMillis: 60_000, shortestPauseMillis: 30_000 };

/**
 * Credentials that are there before the last ones end: asked for anew when half of their life is over, so that
 * what is handed out lives half an hour at least. Flink's S3 clients (AWS SDK for Java 1) ask for new ones 15
 * minutes before the end, and from then on with every request if they get the same again.
 *
 * While nobody gives new ones the old ones are handed out as long as they are valid, and the report says so.
 */
export class RenewedCredentials {
  /** Why the last attempt gave none, one sentence without a full stop; nothing where it did. */
  public failure: string | undefined;
  private current: SessionCredentials | undefined;
  private readonly events = new EventEmitter();

  /** @param holders who gets them, as sentences call them, in the plural */
  public constructor(
    private readonly holders: string,
    private readonly take: () => Promise<SessionCredentials>,
    private readonly reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly times: RenewalTimes = TIMES,
  ) {
    this.events.setMaxListeners(0);
  }

  /** Renews until the signal. It asks once at a time, and however often they are handed out. */
  public async run(signal: AbortSignal): Promise<void> {
    const { holders } = this;
    const topic = `credentials of ${holders}`;
    let retry = this.times.firstRetryMillis;
    while (!signal.aborted) {
      let pause: number;
      try {
        this.current = await this.take();
        this.failure = undefined;
        this.reporter.solve(topic);
        this.events.emit("renewed");
        retry = this.times.firstRetryMillis;
        pause = Math.max((this.current.expiration.getTime() - Date.now()) / 2, this.times.shortestPauseMillis);
        log(`credentials of ${holders} are valid until ${this.current.expiration.toISOString()}`);
      } catch (error) {
        const left = this.valid();
        const state = left
          ? `those that ${holders} have end at ${left.expiration.toISOString()}`
          : `${holders} have none`;
        this.failure = `no new credentials for ${holders}, and ${state}: ${describeError(error)}`;
        this.reporter.setProblem(topic, this.failure);
        pause = retry * (0.5 + Math.random() / 2);
        retry = Math.min(retry * 2, this.times.largestRetryMillis);
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Those that are valid now; waits for the first ones for so long. */
  public async get(patienceMillis: number): Promise<SessionCredentials | undefined> {
    if (!this.valid()) {
      await once(this.events, "renewed", { signal: AbortSignal.timeout(patienceMillis) }).catch(() => undefined);
    }
    return this.valid();
  }

  private valid(): SessionCredentials | undefined {
    return this.current && this.current.expiration.getTime() > Date.now() ? this.current : undefined;
  }
}
