import type { JobCredentialsSpec } from "../desired-state";
import type { NodeIdentity } from "../identity";
import { TOKEN_VARIABLE } from "../served-credentials";
import { Accounts } from "./accounts";
import { CredentialsServer } from "./credentials-server";
import type { CredentialsUse } from "./credentials-use";
import { Owner, writeFileAtomically } from "./files";
import { describeError, log } from "./log";
import { RenewedCredentials } from "./renewed-credentials";
import type { Reporter } from "./reporter";
import type { RoleTaker, SessionCredentials } from "./sts";
import { ensureToken, hasToken } from "./token";

/** Gives processes of the node the short-lived credentials of a role of theirs, and never the machine's own. */
export class RoleCredentialsService {
  private served?: {
    readonly spec: JobCredentialsSpec;
    readonly credentials: RenewedCredentials;
    readonly end: () => Promise<void>;
  };

  public constructor(
    private readonly use: CredentialsUse,
    private readonly identity: Pick<NodeIdentity, "node">,
    private readonly sts: RoleTaker,
    private readonly reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly readers: () => Promise<Owner> = async () => (await Accounts.read()).owner("root", use.group),
  ) {}

  /**
   * Serves at once where an agent of this boot has served before: those processes run, and their credentials may end while
   * the rest of the machine is looked at. Never fails; `serve` makes up for it.
   */
  public async serveAgain(spec: JobCredentialsSpec): Promise<void> {
    try {
      if (await hasToken(this.use.tokenFile)) await this.serve(spec);
    } catch (error) {
      log(`the credentials of ${this.use.holders} cannot be served yet: ${describeError(error)}`);
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
    const { path, holders } = this.use;
    const token = await this.ensureToken();
    // The session is named after the node: logs of AWS tell who called.
    const take = () => this.sts.take(roleArn, this.identity.node);
    const credentials = new RenewedCredentials(holders, take, this.reporter);
    const server = new CredentialsServer({ path, token }, credentials);
    await server.listen(port);
    const stop = new AbortController();
    void credentials.run(stop.signal);
    this.served = { spec, credentials, end: () => (stop.abort(), server.close()) };
  }

  private async ensureToken(): Promise<string> {
    const { tokenFile, tokenEnvironmentFile } = this.use;
    const token = await ensureToken(tokenFile, await this.readers());
    if (tokenEnvironmentFile !== undefined) {
      await writeFileAtomically(tokenEnvironmentFile, `${TOKEN_VARIABLE}=${token}\n`, 0o600);
    }
    return token;
  }
}
