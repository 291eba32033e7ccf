import { ChildProcess, spawn } from "child_process";
import { openSync } from "fs";
import { join } from "path";
import { bundle } from "./bundle";
import { ControlGroup } from "./control-group";
import { FromFabric, ToFabric } from "./fabric/protocol";
import { ServiceCredentials, ServiceRole } from "./fabric/service-credentials";
import { LabNamespace } from "./namespace";

type Start = Omit<Extract<ToFabric, { kind: "start" }>, "kind">;
type AccountMessage = Omit<Extract<ToFabric, { kind: "account" }>, "kind" | "number">;

const ANSWER_TIMEOUT = 30_000;

/** The process inside the namespace that plays the cloud's servers, seen from outside. */
export class Fabric {
  public static async start(
    folder: string,
    namespace: LabNamespace,
    group: ControlGroup,
    options: Start,
  ): Promise<Fabric> {
    const program = join(folder, "fabric.js");
    await bundle(join(__dirname, "fabric", "main.ts"), program);
    const log = openSync(join(folder, "fabric.log"), "a");
    const [command, ...args] = group.wrap(namespace.wrap([process.execPath, "--enable-source-maps", program]));
    // Detached, so that a Ctrl-C at the terminal reaches only the controller, which ends all in order.
    const child = spawn(command, args, { stdio: ["ignore", log, log, "ipc"], detached: true });
    const fabric = new Fabric(child);
    await fabric.request({ kind: "start", ...options }, (answer) => answer.kind === "started");
    return fabric;
  }

  private number = 0;

  private constructor(private readonly child: ChildProcess) {
    child.setMaxListeners(0);
  }

  /** Resolves when the servers play this account. */
  public async apply(message: AccountMessage): Promise<void> {
    const number = ++this.number;
    await this.request(
      { kind: "account", number, ...message },
      (answer) => answer.kind === "applied" && answer.number === number,
    );
  }

  /** Takes a role for what the lab runs in the name of a service. */
  public async credentialsFor(role: ServiceRole): Promise<ServiceCredentials> {
    const number = ++this.number;
    const answer = await this.request(
      { kind: "role", number, role },
      (one) => one.kind === "credentials" && one.number === number,
    );
    if (answer.kind !== "credentials") throw new Error(`the lab's servers gave no credentials, but: ${answer.kind}`);
    return answer.credentials;
  }

  private request(message: ToFabric, isAnswer: (answer: FromFabric) => boolean): Promise<FromFabric> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new Error("the lab's servers do not answer")), ANSWER_TIMEOUT);
      const listen = (answer: FromFabric) => {
        if (answer.kind === "failed") settle(new Error(`the lab's servers failed: ${answer.message}`));
        else if (isAnswer(answer)) settle(answer);
      };
      const ended = () => settle(new Error("the lab's servers have ended; see fabric.log of the run"));
      const settle = (outcome: FromFabric | Error) => {
        clearTimeout(timer);
        this.child.off("message", listen).off("exit", ended);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      this.child.on("message", listen).once("exit", ended);
      this.child.send(message, (error) => error && settle(error));
    });
  }
}
