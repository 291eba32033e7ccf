import { setTimeout as delay } from "node:timers/promises";
import { explain, Problem } from "../software/problem";
import { RestCaller, RestProblem } from "./rest-caller";
import type { CurrentWay } from "./tunnel/current-way";
import type { TlsOf } from "./tunnel/open-way";
import type { Way } from "./tunnel/way";

/** From here on it is the node that cannot answer, such as while a leader is elected. */
const OF_THE_NODE = 500;
/** Another leader takes half a minute. */
const PATIENCE_MILLIS = 3 * 60_000;
const PAUSE_MILLIS = 1000;

/** How Flink is called. */
export interface SteadyRestOptions {
  /** Where the cluster's REST API is found just now. */
  readonly way: Pick<CurrentWay, "get" | "giveUp">;
  readonly tls: TlsOf;
  readonly pause?: (millis: number) => Promise<unknown>;
}

/** Flink's REST API, for calls that may come twice: a node that goes meanwhile, and an election, are waited out. */
export class SteadyRest {
  private hasAnswered = false;

  public constructor(private readonly options: SteadyRestOptions) {}

  /** An answer that is JSON; `body` is sent as such, by POST. */
  public async json<T>(path: string, body?: object): Promise<T> {
    const { way: ways, tls, pause = delay } = this.options;
    const since = Date.now();
    for (;;) {
      let way: Way | undefined;
      try {
        way = await ways.get();
        const answer = await new RestCaller(way, tls).json<T>(path, body);
        this.hasAnswered = true;
        return answer;
      } catch (failure) {
        const isRefused = failure instanceof RestProblem && failure.status < OF_THE_NODE;
        // A cluster that never answered is not one that is away for a moment.
        if (isRefused || !this.hasAnswered) throw failure;
        if (Date.now() - since >= PATIENCE_MILLIS) {
          throw new Problem(
            `Flink has not answered for ${PATIENCE_MILLIS / 60_000} minutes (${explain(failure)}): see \`cdktf-flink status\`, and run the same command again`,
            { cause: failure },
          );
        }
        if (way) await ways.giveUp(way);
      }
      await pause(PAUSE_MILLIS);
    }
  }
}
