import type { Keeping } from "../connections/connection-credentials";
import { goOnLooking, SecretLookTimes } from "../connections/secret-looks";
import type { SecretReader } from "../connections/secrets-manager";
import { describeError, log } from "../log";
import type { Reporter } from "../reporter";

const TIMES: SecretLookTimes = { lookMillis: 60_000, firstRetryMillis: 1_000 };
const TOPIC = "login";
/** In a report, of what a service says. */
const LONGEST_REASON = 300;

/** Who shows the login to whom, in words. */
export interface LoginWords {
  /** Such as `log shippers`, in the plural. */
  readonly holders: string;
  /** Such as `the logs' destination`. */
  readonly destination: string;
}

/**
 * Keeps for a shipper what the secret of its login holds now, in memory. None of it is logged or reported. While the secret
 * cannot be read, or holds something else, the last good login stays; that of another secret never does: it may be for
 * another server.
 */
export abstract class ShippingLogin {
  protected constructor(
    private readonly words: LoginWords,
    private readonly secrets: SecretReader,
    private readonly reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly times: SecretLookTimes = TIMES,
  ) {}

  /**
   * Resolves when that of another secret is gone, and keeps this one's until the signal; without a secret there is none.
   * Never fails.
   */
  public async keep(secretArn: string | undefined, signal: AbortSignal): Promise<Pick<Keeping, "ended">> {
    await this.removeOther(secretArn).catch((error: unknown) => {
      log(`the login of ${this.words.holders} that is no more cannot be removed: ${describeError(error)}`);
    });
    return { ended: secretArn === undefined ? Promise.resolve() : this.goOn(secretArn, signal) };
  }

  /** Lays down what a text of the secret holds; tells whether it is new. */
  protected abstract write(secret: string, secretArn: string): Promise<boolean>;

  /** Nothing where there is no login, or none that can be read. */
  protected abstract secretOfKept(): Promise<string | undefined>;

  protected abstract remove(): Promise<void>;

  private async goOn(secretArn: string, signal: AbortSignal): Promise<void> {
    const look = () => this.look(secretArn);
    return goOnLooking(look, await look(), this.times, signal);
  }

  private async look(secretArn: string): Promise<string | undefined> {
    const problem = await this.refresh(secretArn);
    if (problem === undefined) this.reporter.solve(TOPIC);
    else this.reporter.setProblem(TOPIC, problem);
    return problem;
  }

  /** Tells what is wrong, one sentence without a full stop; nothing when the shippers have what the secret holds. */
  private async refresh(secretArn: string): Promise<string | undefined> {
    const { holders, destination } = this.words;
    try {
      const isNew = await this.write(await this.secrets.read(secretArn), secretArn);
      if (isNew) log(`${holders} have a new login`);
      return undefined;
    } catch (error) {
      const has = (await this.secretOfKept()) === undefined ? `${holders} have none` : `${holders} have the last one`;
      return `no new login for ${destination}, and ${has}: ${describeError(error).slice(0, LONGEST_REASON)}`;
    }
  }

  private async removeOther(secretArn: string | undefined): Promise<void> {
    if (secretArn !== undefined && (await this.secretOfKept()) === secretArn) return;
    await this.remove();
  }
}
