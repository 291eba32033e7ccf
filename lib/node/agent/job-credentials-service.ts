import type { JobCredentialsSpec } from "../desired-state";
import type { NodeIdentity } from "../identity";
import { RUNTIME } from "../paths";
import { FLINK_GROUP } from "../users";
import { Accounts } from "./accounts";
import { CredentialsServer } from "./credentials-server";
import { ensureToken, hasToken } from "./credentials-token";
import type { Owner } from "./files";
import { describeError, log } from "./log";
import { RenewedCredentials } from "./renewed-credentials";
import type { Reporter } from "./reporter";
import type { RoleTaker, SessionCredentials } from "./sts";

/** Gives the processes of Flink the short-lived credentials of the jobs' role, and never the machine's own. */
export class JobCredentialsService {
  private served?: {
    readonly spec: JobCredentialsSpec;
    readonly credentials: RenewedCredentials;
    readonly end: () => Promise<void>;
  };

  public constructor(
    private readonly identity: NodeIdentity,
    private readonly sts: RoleTaker,
    private readonly reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly folder: string = RUNTIME,
    private readonly readers: () => Promise<Owner> = async () => (await Accounts.read()).owner("root", FLINK_GROUP),
  ) {}

  /**
   * Serves at once where an agent of this boot has served before: Flink runs, and its credentials may end while the rest
   * of the machine is looked at. Never fails; `serve` makes up for it.
   */
  public async serveAgain(spec: JobCredentialsSpec): Promise<void> {
    try {
      if (await hasToken(this.folder)) await this.serve(spec);
    } catch (error) {
      log(`the credentials of jobs cannot be served yet: ${describeError(error)}`);
    }
  }

  /**
   * Why nobody gives new credentials of the role just now, by default of the one that is served: what an agent has in
   * its memory ends with it.
   */
  public failure(roleArn?: string): string | undefined {
    if (!this.served || (roleArn ?? this.served.spec.roleArn) !== this.served.spec.roleArn) return undefined;
    return this.served.credentials.failure;
  }

  /** Those of the role that is served, and that are valid now; waits for the first ones for so long. */
  public async get(patienceMillis: number): Promise<SessionCredentials | undefined> {
    return this.served?.credentials.get(patienceMillis);
  }

  /** Ends what is served. */
  public async end(): Promise<void> {
    await this.served?.end();
    this.served = undefined;
  }

  /**
   * Serves from now on, and does not wait for the first credentials: ZooKeeper needs none. Called again it
   * changes nothing, unless the role or the port is another.
   */
  public async serve(spec: JobCredentialsSpec): Promise<void> {
    const { roleArn, port } = spec;
    if (this.served?.spec.roleArn === roleArn && this.served.spec.port === port) return;
    await this.end();
    const token = await ensureToken(await this.readers(), this.folder);
    // The session is named after the node: logs of AWS tell whose jobs called.
    const credentials = new RenewedCredentials(() => this.sts.take(roleArn, this.identity.node), this.reporter);
    const server = new CredentialsServer(token, credentials);
    await server.listen(port);
    const stop = new AbortController();
    void credentials.run(stop.signal);
    this.served = { spec, credentials, end: () => (stop.abort(), server.close()) };
  }
}
