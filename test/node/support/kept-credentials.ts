import * as fs from "fs";
import * as path from "path";
import {
  ConnectionCredentials,
  type ConnectionTimes,
  type Keeping,
} from "../../../lib/node/agent/connections/connection-credentials";
import type { Owner } from "../../../lib/node/agent/files";
import type { ConnectionCredentialSpec } from "../../../lib/node/desired-state";
import { temporaryFolder } from "./software";

const QUICK: ConnectionTimes = { lookMillis: 5, firstRetryMillis: 1, patienceMillis: 60_000 };

/** A secret as Secrets Manager has it. */
export function loginSecret(username: unknown, password: unknown): string {
  return JSON.stringify({ username, password });
}

export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
}

/** Credentials as an agent keeps them, of secrets that a test changes; from one test to its end. */
export class KeptCredentials {
  public readonly parent = temporaryFolder();
  public readonly folder = path.join(this.parent, "connections");
  /** By ARN; a function is what the service does. */
  public readonly secrets = new Map<string, string | (() => Promise<string>)>();
  /** ARNs, one for each look. */
  public readonly asked: string[] = [];
  /** What the report says now, by connection. */
  public readonly problems = new Map<string, string>();
  public readonly everTold: string[] = [];
  public logged = "";
  public owner: Owner = { uid: process.getuid!(), gid: process.getgid!() };
  private stop = new AbortController();
  private readonly keepings: Keeping[] = [];

  public constructor() {
    jest.spyOn(process.stdout, "write").mockImplementation((text) => ((this.logged += String(text)), true));
  }

  /** As an agent does that begins; resolves when it would start Flink. */
  public keep(specs: readonly ConnectionCredentialSpec[], times: Partial<ConnectionTimes> = {}): Promise<void> {
    const secrets = { read: (arn: string) => this.read(arn) };
    const reporter = { setConnectionProblem: (name: string, sentence?: string) => this.tell(name, sentence) };
    const owner = () => Promise.resolve(this.owner);
    const credentials = new ConnectionCredentials(secrets, reporter, this.folder, owner, { ...QUICK, ...times });
    const keeping = credentials.keep(specs, this.stop.signal);
    this.keepings.push(keeping);
    return keeping.tried;
  }

  /** The signal that an agent gets, without waiting for its end. */
  public signalEnd(): void {
    this.stop.abort();
  }

  /** Of what is kept now: the next agent may begin. */
  public async end(): Promise<void> {
    this.stop.abort();
    for (const { ended } of this.keepings.splice(0)) await ended;
    this.stop = new AbortController();
  }

  public async remove(): Promise<void> {
    await this.end();
    fs.rmSync(this.parent, { recursive: true });
  }

  /** A service that does not answer as long as this agent runs. */
  public silent(): () => Promise<string> {
    const { signal } = this.stop;
    return () => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("over"))));
  }

  public async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /** Until the secret was looked at so many times more. */
  public async looks({ secretArn: arn }: ConnectionCredentialSpec, count: number): Promise<void> {
    const looked = () => this.asked.filter((each) => each === arn).length;
    const wanted = looked() + count;
    await this.until(() => looked() >= wanted);
  }

  private read(arn: string): Promise<string> {
    this.asked.push(arn);
    const found = this.secrets.get(arn);
    if (typeof found === "function") return found();
    return found === undefined ? Promise.reject(new Error("ResourceNotFoundException")) : Promise.resolve(found);
  }

  private tell(name: string, sentence: string | undefined): void {
    if (sentence === undefined) {
      this.problems.delete(name);
    } else {
      this.problems.set(name, sentence);
      this.everTold.push(sentence);
    }
  }
}

/** A service that cannot be reached. */
export function away(): Promise<string> {
  return Promise.reject(new Error("Secrets Manager is away"));
}
