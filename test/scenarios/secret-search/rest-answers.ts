import { STORE_PASSWORD } from "../../../lib/node/tls-paths";
import { SessionNode } from "../flink-session";
import { RestClient, RestError } from "../rest-client";
import { Matcher } from "./matcher";
import { PlaceSearch, PlaceSearcher } from "./place";

/** What Flink writes in place of a value that it takes for a secret (GlobalConfiguration.HIDDEN_CONTENT). */
const HIDDEN = "******";
const PASSWORD = /password/i;
const TIMEOUT_SECONDS = 60;
export const REST_ANSWERS = "answers of the REST API";
/** What a JobManager shows of itself, of the cluster and of its jobs. */
const JOB_MANAGER = ["/jobmanager/environment", "/jobmanager/config", "/jobmanager/thread-dump", "/jobmanager/metrics"];
const CLUSTER = ["/config", "/overview", "/jobs/overview"];
const JOB = ["", "/config", "/exceptions", "/checkpoints", "/checkpoints/config", "/accumulators", "/plan"];

/** Who calls the REST API. */
export type RestReader = Pick<RestClient, "text">;

interface Listed {
  readonly logs?: readonly { readonly name: string }[];
  readonly taskmanagers?: readonly { readonly id: string }[];
  readonly jobs?: readonly { readonly jid: string }[];
}

/**
 * All that Flink's REST API tells of a cluster, its logs among it: of every JobManager, and through the one that leads
 * of all the rest. A TaskManager brings its logs to the leader, and no other JobManager can show them.
 */
export async function searchRestAnswers(
  rest: RestReader,
  nodes: readonly SessionNode[],
  leader: SessionNode,
  matcher: Matcher,
): Promise<PlaceSearch> {
  const searcher = new PlaceSearcher(REST_ANSWERS, matcher);
  const search = async (node: SessionNode, path: string): Promise<string> => {
    const answer = await rest.text("GET", `${node.restAddress}${path}`, undefined, TIMEOUT_SECONDS);
    await searcher.search(`${node.name}${path}`, Buffer.from(answer));
    return answer;
  };
  const searchLogs = async (node: SessionNode, of: string): Promise<void> => {
    const listed = async () => {
      const { logs = [] } = JSON.parse(await search(node, `${of}/logs`)) as Listed;
      return logs.map(({ name }) => name);
    };
    let read = 0;
    for (const name of await listed()) {
      try {
        await search(node, `${of}/logs/${encodeURIComponent(name)}`);
        read++;
      } catch (error) {
        unlessRefused(error);
        // Only one that was rotated away since it was listed may be left out.
        if ((await listed()).includes(name)) throw error;
      }
    }
    if (read === 0) throw new Error(`no log of ${of} could be read: nothing was looked at`);
  };
  await Promise.all(
    nodes.map(async (node) => {
      for (const path of JOB_MANAGER) await search(node, path);
      await searchLogs(node, "/jobmanager");
    }),
  );
  for (const path of CLUSTER) await search(leader, path);
  const { taskmanagers = [] } = JSON.parse(await search(leader, "/taskmanagers")) as Listed;
  if (taskmanagers.length === 0) throw new Error("the cluster has no TaskManager: nothing was looked at");
  await Promise.all(
    taskmanagers.map(async ({ id }) => {
      const of = `/taskmanagers/${encodeURIComponent(id)}`;
      for (const path of ["", "/metrics", "/thread-dump"]) await search(leader, `${of}${path}`);
      await searchLogs(leader, of);
    }),
  );
  const { jobs } = JSON.parse(await search(leader, "/jobs/overview")) as Listed;
  for (const { jid } of jobs ?? []) {
    for (const path of JOB) await search(leader, `/jobs/${jid}${path}`).catch(unlessRefused);
  }
  return searcher.result;
}

/** Passwords that a JobManager shows: of its configuration, by their keys; "the environment" where they stand in that. */
export async function shownPasswords(rest: RestReader, node: SessionNode): Promise<string[]> {
  const [config, environment] = await Promise.all(
    ["config", "environment"].map((what) => rest.text("GET", `${node.restAddress}/jobmanager/${what}`)),
  );
  return passwordsIn(config, environment);
}

/** The same, of the two answers. */
export function passwordsIn(config: string, environment: string): string[] {
  const entries = JSON.parse(config) as readonly { readonly key: string; readonly value: string }[];
  const passwords = entries.filter(({ key }) => PASSWORD.test(key));
  if (passwords.length === 0) throw new Error("the configuration of Flink has no password: nothing would be looked at");
  return [
    ...entries
      .filter(({ key, value }) => (PASSWORD.test(key) ? value !== HIDDEN : value.includes(STORE_PASSWORD)))
      .map(({ key }) => key),
    ...(environment.includes(STORE_PASSWORD) ? ["the environment"] : []),
  ];
}

/** As Flink answers where there is no such log any more, or no such thing of a job that is over. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof RestError) || ![404, 500].includes(error.status)) throw error;
}
