import { createReadStream, statSync } from "fs";
import * as path from "path";
import { DesiredState } from "../../../lib/node/desired-state";
import {
  APPLIED_STATE_FILE,
  JOB_MANAGER_PATHS,
  softwareFolder,
  TASK_MANAGER_PATHS,
  ZOOKEEPER_LOG,
} from "../../../lib/node/paths";
import { USERS } from "../../../lib/node/users";
import { Machine } from "../../lab/machine";
import { AS_OPERATOR } from "../credentials";
import { Deployment } from "../deployment";
import { SessionNode } from "../flink-session";
import { RestClient } from "../rest-client";
import { searchAccount } from "./account-places";
import { Matcher } from "./matcher";
import { needlesOf } from "./needles";
import { TaskRunner } from "./on-machine/run-on-machine";
import { PlaceSearch, PlaceSearcher } from "./place";
import { searchRestAnswers } from "./rest-answers";
import { Secret } from "./secret";
import { searchTerraformFiles } from "./terraform-files";
import { Searched } from "./verdict";

/** With whose eyes a machine is looked at: an unprivileged user, and those of Flink at each other. */
export const VIEWERS = ["nobody", ...USERS.map(({ name }) => name)];
const LOG_FOLDERS = ["/var/log", "/run/log", JOB_MANAGER_PATHS.log, TASK_MANAGER_PATHS.log, ZOOKEEPER_LOG];

/** All places of a running cluster in which a secret might lie. */
export class ClusterPlaces {
  public readonly rest: RestClient;

  public constructor(
    private readonly deployment: Deployment,
    public readonly nodes: readonly SessionNode[],
    private readonly runner: TaskRunner,
  ) {
    this.rest = new RestClient(deployment.client, AS_OPERATOR);
  }

  /** Searches all of them. The machines one after the other: they share two processors with the cluster. */
  public async search(secrets: readonly Secret[]): Promise<Searched[]> {
    const { deployment, rest, nodes, runner } = this;
    const needles = needlesOf(secrets);
    const matcher = new Matcher(needles);
    const searched: Searched[] = [
      ...(await searchTerraformFiles(deployment.folder, matcher)),
      ...(await searchAccount(deployment.lab.aws(), matcher)),
      await searchRestAnswers(rest, nodes, matcher),
    ];
    const wired = needles.map((needle) => ({ ...needle, bytes: needle.bytes.toString("base64") }));
    for (const { name } of nodes) {
      const machine = deployment.machine(name);
      const found = await runner.run(machine, nodeJsOf(machine), {
        ...{ task: "search", needles: wired, viewers: VIEWERS, lister: "nobody", logFolders: LOG_FOLDERS },
        // The image is older, and the lab's own files are as old as the lab.
        changedSince: statSync(deployment.lab.authorityFile).mtimeMs,
      });
      const console = await searchConsole(machine.consoleLog, matcher);
      searched.push(...[...found, console].map((place) => ({ ...place, machine: name })));
    }
    return searched;
  }
}

/** What a machine wrote to its console: anybody may read it who may ask EC2 for it. */
export async function searchConsole(file: string, matcher: Matcher): Promise<PlaceSearch> {
  const searcher = new PlaceSearcher("console output", matcher);
  await searcher.search(path.basename(file), createReadStream(file));
  return searcher.result;
}

/** The Node.js that runs the agent of a machine. */
export function nodeJsOf(machine: Machine): string {
  const state = machine.readFile(APPLIED_STATE_FILE);
  if (state === undefined) throw new Error(`${machine.name} has applied no desired state`);
  return `${softwareFolder((JSON.parse(state) as DesiredState).nodeJs)}/bin/node`;
}
