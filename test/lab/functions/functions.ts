import { createHash } from "crypto";
import type { Account } from "../account";
import type { Fabric } from "../fabric";
import type { IssuedKey } from "../judge/principals";
import type { MachineContext } from "../machine";
import { FunctionPlace } from "./function-place";

/** A call of a function, with all that AWS Lambda knows of it (see test/emulator/moto/repairs/functions.py). */
export interface FunctionCall {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMebibytes: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Of its network interfaces, one for each subnet. */
  readonly interfaceIds: readonly string[];
  /** The archive that was uploaded, in Base64. */
  readonly program: string;
  /** JSON. */
  readonly payload: string;
}

/** What a call is answered. */
export interface FunctionAnswer {
  /** Whether the function threw, or did not end in time. */
  readonly failed: boolean;
  /** JSON: what it returned, or its error. */
  readonly payload: string;
}

/** What functions are played with. */
export interface FunctionsStage {
  readonly machines: MachineContext;
  readonly fabric: Fabric;
  readonly region: string;
  /** What the account holds, once it is played. */
  readonly account: () => Promise<Account>;
  /** Path of the Node.js that functions run by. */
  readonly nodeJs: string;
}

interface Played {
  readonly place: FunctionPlace;
  /** Hash of what is installed there. */
  program?: string;
  /** Of the last call. */
  key?: IssuedKey;
}

const SERVICE = "lambda.amazonaws.com";
/** Longer than any function may take. */
const CREDENTIALS_SECONDS = 3600;

/**
 * AWS Lambda as the lab plays it: a function in a network runs in a place of its own behind its network interface in the first
 * of its subnets, with its role's credentials and what its configuration says, and nothing else.
 */
export class Functions {
  private readonly played = new Map<string, Played>();

  public constructor(private readonly stage: FunctionsStage) {}

  /** Where a function runs that was called already. */
  public place(name: string): FunctionPlace {
    return this.known(name).place;
  }

  /** The credentials that its last call had. */
  public key(name: string): IssuedKey {
    const { key } = this.known(name);
    if (!key) throw new Error(`the function ${name} had no credentials yet`);
    return key;
  }

  public async answer(call: FunctionCall): Promise<FunctionAnswer> {
    const { name, handler, payload, memoryMebibytes, timeoutSeconds } = call;
    const played = await this.play(call);
    played.key = await this.takeRole(call);
    const environment = { ...call.environment, ...this.ofLambda(call, played.key) };
    // What holds the credentials is in no list of processes.
    const input = JSON.stringify({ environment, handler, payload });
    const ended = await played.place.call(input, memoryMebibytes, timeoutSeconds).catch((error: Error) => error);
    if (ended instanceof Error) return failure("Sandbox.Timedout", `${name}: ${ended.message}`);
    if (ended.code !== 0) return failure("Runtime.ExitError", `${name} ended with ${ended.code}: ${ended.stderr}`);
    return JSON.parse(ended.stdout) as FunctionAnswer;
  }

  private known(name: string): Played {
    const found = this.played.get(name);
    if (!found) throw new Error(`the function ${name} was never called`);
    return found;
  }

  private async play({ name, interfaceIds, program }: FunctionCall): Promise<Played> {
    const played = this.played.get(name) ?? { place: await this.makePlace(name, interfaceIds) };
    this.played.set(name, played);
    const archive = Buffer.from(program, "base64");
    const hash = createHash("sha256").update(archive).digest("hex");
    if (played.program !== hash) await played.place.install(archive);
    played.program = hash;
    return played;
  }

  private async makePlace(name: string, interfaceIds: readonly string[]): Promise<FunctionPlace> {
    const { machines, nodeJs } = this.stage;
    const account = await this.stage.account();
    const network = account.interfaces.find(({ id }) => id === interfaceIds[0]);
    if (network?.ofFunction === undefined) throw new Error(`the function ${name} is in no network, and is not played`);
    return FunctionPlace.make(machines, account, network, nodeJs);
  }

  private async takeRole({ name, arn, roleArn }: FunctionCall): Promise<IssuedKey> {
    const given = await this.stage.fabric.credentialsFor({
      ...{ service: SERVICE, roleArn, sessionName: name, seconds: CREDENTIALS_SECONDS },
      runs: { functionArn: arn },
    });
    if ("key" in given) return given.key;
    throw new Error(`The role defined for the function cannot be assumed by Lambda: ${given.refused.reason}`);
  }

  private ofLambda({ name }: FunctionCall, key: IssuedKey): Record<string, string> {
    return {
      AWS_REGION: this.stage.region,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_SESSION_TOKEN: key.sessionToken,
    };
  }
}

function failure(errorType: string, errorMessage: string): FunctionAnswer {
  return { failed: true, payload: JSON.stringify({ errorType, errorMessage }) };
}
