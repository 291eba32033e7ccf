import * as fs from "fs/promises";
import { LOG_LOGIN_FILE } from "../../paths";
import { basicLoginProperties } from "../connections/basic-login";
import type { Keeping } from "../connections/connection-credentials";
import { goOnLooking, SecretLookTimes } from "../connections/secret-looks";
import type { SecretReader } from "../connections/secrets-manager";
import { Owner, readIfThere, writeFileAtomically } from "../files";
import { describeError, log } from "../log";
import type { Reporter } from "../reporter";

const TIMES: SecretLookTimes = { lookMillis: 60_000, firstRetryMillis: 1_000 };
const TOPIC = "login";
/** In a report, of what a service says. */
const LONGEST_REASON = 300;

/** As whom the exporter logs in: what it reads, and of which secret that is. */
interface KeptLogin {
  readonly username: string;
  readonly password: string;
  readonly secretArn: string;
}

/**
 * Keeps for the log exporter what the secret of its login holds now, in a file in memory. None of it is logged or
 * reported. While the secret cannot be read, or holds something else, the last good login stays; that of another secret
 * never does: it may be for another server.
 */
export class LogLogin {
  public constructor(
    private readonly secrets: SecretReader,
    private readonly reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly readers: () => Promise<Owner>,
    private readonly file: string = LOG_LOGIN_FILE,
    private readonly times: SecretLookTimes = TIMES,
  ) {}

  /**
   * Resolves when that of another secret is gone, and keeps this one's until the signal; without a secret there is none.
   * Never fails.
   */
  public async keep(secretArn: string | undefined, signal: AbortSignal): Promise<Pick<Keeping, "ended">> {
    await this.removeOther(secretArn).catch((error: unknown) => {
      log(`the login of log shippers that is no more cannot be removed: ${describeError(error)}`);
    });
    return { ended: secretArn === undefined ? Promise.resolve() : this.goOn(secretArn, signal) };
  }

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

  /** Tells what is wrong, one sentence without a full stop; nothing when the exporter has what the secret holds. */
  private async refresh(secretArn: string): Promise<string | undefined> {
    try {
      const { username, password } = basicLoginProperties(await this.secrets.read(secretArn));
      const login: KeptLogin = { username, password, secretArn };
      const isNew = await writeFileAtomically(this.file, JSON.stringify(login), 0o640, await this.readers());
      if (isNew) log("log shippers have a new login");
      return undefined;
    } catch (error) {
      const has =
        (await this.secretOfKept()) === undefined ? "log shippers have none" : "log shippers have the last one";
      return `no new login for the logs' destination, and ${has}: ${describeError(error).slice(0, LONGEST_REASON)}`;
    }
  }

  private async removeOther(secretArn: string | undefined): Promise<void> {
    if (secretArn !== undefined && (await this.secretOfKept()) === secretArn) return;
    await fs.rm(this.file, { force: true });
  }

  /** Nothing where there is no login, or none that can be read. */
  private async secretOfKept(): Promise<string | undefined> {
    try {
      const text = (await readIfThere(this.file))?.toString();
      return text === undefined ? undefined : (JSON.parse(text) as KeptLogin).secretArn;
    } catch {
      return undefined;
    }
  }
}
