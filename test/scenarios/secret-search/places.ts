import { createReadStream, statSync } from "fs";
import pLimit from "p-limit";
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
import { FlinkSession, SessionNode } from "../flink-session";
import { RestClient } from "../rest-client";
import { searchAccount } from "./account-places";
import { Matcher } from "./matcher";
import { Needle, needlesOf } from "./needles";
import { TaskRunner } from "./on-machine/run-on-machine";
import { PlaceSearch, PlaceSearcher } from "./place";
import { searchRestAnswers } from "./rest-answers";
import { Secret } from "./secret";
import { searchTerraformFiles } from "./terraform-files";
import { Searched } from "./verdict";

/** With whose eyes a machine is looked at: an unprivileged user, and those of Flink at each other. */
export const VIEWERS = ["nobody", ...USERS.map(({ name }) => name)];
/** They share two processors with the cluster. */
const MACHINES_AT_ONCE = 2;
const LOG_FOLDERS = ["/var/log", "/run/log", JOB_MANAGER_PATHS.log, TASK_MANAGER_PATHS.log, ZOOKEEPER_LOG];

/** All places of a running cluster in which a secret might lie. */
export class ClusterPlaces {
  public readonly rest: RestClient;

  public constructor(
    private readonly deployment: Deployment,
    private readonly session: FlinkSession,
    private readonly runner: TaskRunner,
  ) {
    this.rest = new RestClient(deployment.client, AS_OPERATOR);
  }

  /** Searches all of them; of machines only some, where these are named. */
  public async search(
    secrets: readonly Secret[],
    nodes: readonly SessionNode[] = this.session.nodes,
  ): Promise<Searched[]> {
    const { deployment, rest } = this;
    const needles = needlesOf(secrets);
    const matcher = new Matcher(needles);
    const limit = pLimit(MACHINES_AT_ONCE);
    const leader = await this.session.leader();
    const searched = await Promise.all([
      searchTerraformFiles(deployment.folder, matcher),
      searchAccount(deployment.lab.aws(), matcher),
      searchRestAnswers(rest, nodes, leader, matcher).then((place) => [place]),
      ...nodes.map(({ name }) => limit(() => this.searchMachine(deployment.machine(name), needles, matcher))),
    ]);
    return searched.flat();
  }

  private async searchMachine(machine: Machine, needles: readonly Needle[], matcher: Matcher): Promise<Searched[]> {
    const wired = needles.map((needle) => ({ ...needle, bytes: needle.bytes.toString("base64") }));
    const inside = await this.runner.run(machine, nodeJsOf(machine), {
      ...{ task: "search", needles: wired, viewers: VIEWERS, lister: "nobody", logFolders: LOG_FOLDERS },
      // The image is older, and the lab's own files are as old as the lab.
      changedSince: statSync(this.deployment.lab.authorityFile).mtimeMs,
    });
    const console = await searchConsole(machine.consoleLog, matcher);
    return [...inside, console].map((place) => ({ ...place, machine: machine.name }));
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
