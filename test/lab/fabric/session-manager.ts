import { randomBytes } from "crypto";
import { existsSync } from "fs";
import { join } from "path";
import { Account } from "../account";
import type { ManagedSession } from "../judge/played";
import { parametersOf } from "../judge/question";
import { ApiCall } from "./api-call";

/** What is answered to a call that the emulator does not play. */
export interface OwnAnswer {
  readonly status: number;
  readonly body: object;
}

/** Where the agent of a machine listens, which carries the bytes of its sessions (see session-agent.ts). */
export function agentSocket(folder: string, instanceId: string): string {
  return join(folder, `${instanceId}.sock`);
}

interface Parameters {
  readonly Target?: string;
  readonly SessionId?: string;
}

const DATA_CHANNEL = /^\/v1\/data-channel\/([^/?]+)/;
/** Of the owner of sessions who took no role. */
const ADMINISTRATOR = "administrator";

/**
 * The part of Systems Manager that begins and ends sessions, in place of Session Manager: whoever may has them, with
 * machines that run and have an agent. The bytes go no way of AWS: the plugin's stand-in brings them to the agent.
 */
export class SessionManager {
  private readonly sessions = new Map<string, ManagedSession>();

  public constructor(
    private readonly account: () => Account,
    private readonly agents: string,
  ) {}

  /** One that was begun and has not ended. */
  public session(id: string): ManagedSession | undefined {
    return this.sessions.get(id);
  }

  /**
   * The answer to a call that its caller may make; undefined where it is not about sessions.
   *
   * @param userId of the caller, as IAM knows it; absent for the administrator
   */
  public answer(call: ApiCall, userId: string = ADMINISTRATOR): OwnAnswer | undefined {
    if (call.service === "ssmmessages") return this.openChannel(call);
    if (call.service !== "ssm") return undefined;
    const { Target = "", SessionId = "" } = parametersOf<Parameters>(call) ?? {};
    switch (call.action) {
      case "StartSession":
        return this.start(Target, userId);
      case "TerminateSession":
        if (!this.sessions.delete(SessionId))
          return problem("DoesNotExistException", `there is no session ${SessionId}`);
        return { status: 200, body: { SessionId } };
      default:
        return undefined;
    }
  }

  private start(target: string, userId: string): OwnAnswer {
    const { region, instances } = this.account();
    const runs = instances.some(({ id, state }) => id === target && state === "running");
    if (!runs || !existsSync(agentSocket(this.agents, target))) {
      return problem("TargetNotConnected", `${target} is not connected.`);
    }
    const ending = randomBytes(9).toString("hex").slice(0, 17);
    const id = `${userId.split(":").pop()}-${ending}`;
    this.sessions.set(id, { id, userId, resourceId: `${userId}-${ending}` });
    const StreamUrl = `wss://ssmmessages.${region}.amazonaws.com/v1/data-channel/${id}?role=publish_subscribe`;
    return { status: 200, body: { SessionId: id, StreamUrl, TokenValue: `token of ${id}` } };
  }

  private openChannel({ path }: ApiCall): OwnAnswer | undefined {
    const id = DATA_CHANNEL.exec(path)?.[1];
    if (id === undefined) return undefined;
    if (this.sessions.has(decodeURIComponent(id))) return { status: 200, body: {} };
    return problem("DoesNotExistException", `there is no session ${id}`);
  }
}

function problem(name: string, message: string): OwnAnswer {
  return { status: 400, body: { __type: name, message } };
}
