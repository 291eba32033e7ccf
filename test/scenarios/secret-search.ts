import { mkdirSync } from "fs";
import * as path from "path";
import { bundle } from "../lab/bundle";
import { Machine } from "../lab/machine";
import { Deployment } from "./deployment";
import { FlinkSession } from "./flink-session";
import { readUserData } from "./secret-search/account-places";
import { COLLECT, secretsOfNode, secretsOfOperator } from "./secret-search/cluster-secrets";
import { Copies, Originals } from "./secret-search/copies";
import { Matcher } from "./secret-search/matcher";
import { needlesOf } from "./secret-search/needles";
import { TaskRunner } from "./secret-search/on-machine/run-on-machine";
import { ClusterPlaces, nodeJsOf } from "./secret-search/places";
import { mistakesOf } from "./secret-search/planted";
import { Plants } from "./secret-search/plants";
import { shownPasswords } from "./secret-search/rest-answers";
import { Secret } from "./secret-search/secret";
import { Finding, findingsOf, notSeenAtHome, PlaceRow, tellSearch } from "./secret-search/verdict";

const PROGRAM = path.join(__dirname, "secret-search", "on-machine", "program.ts");
/** Plans lie where Terraform ran: made anew, they hold what is known now. */
const PLANNED = ["storage", "streaming", "client"] as const;

/** What a search for the secrets of a cluster has shown. Names and places, never a value. */
export interface SearchOutcome {
  readonly secrets: number;
  readonly rows: readonly PlaceRow[];
  readonly findings: readonly Finding[];
  /** Secrets that were not found in the very files where they belong. */
  readonly notSeenAtHome: readonly string[];
  /** Passwords that Flink's REST API shows: of the configuration by their keys. */
  readonly shownPasswords: readonly string[];
}

/** Looks for the secrets of a running cluster wherever they must not be, and shows first that it would find them. */
export class SecretSearch {
  /** Makes fresh plans of all stacks, and the program that searches machines. */
  public static async prepare(deployment: Deployment, session: FlinkSession): Promise<SecretSearch> {
    for (const stack of PLANNED) await deployment.plan(stack);
    const folder = path.join(deployment.lab.folder, "secret-search");
    mkdirSync(folder, { recursive: true });
    const program = path.join(folder, "program.js");
    await bundle(PROGRAM, program);
    return new SecretSearch(deployment, session, new TaskRunner(program), folder);
  }

  /** Planted ones that were taken away. */
  private removed: readonly Secret[] = [];
  private readonly places: ClusterPlaces;

  private constructor(
    private readonly deployment: Deployment,
    private readonly session: FlinkSession,
    private readonly runner: TaskRunner,
    private readonly folder: string,
  ) {
    this.places = new ClusterPlaces(deployment, session, runner);
  }

  /**
   * Plants marked secrets in every place, on one machine, searches for them, and takes them away. Gives what the search did wrong:
   * planted ones that it has not found, and those found where nobody but who may have it can read it.
   */
  public async mistakesWithPlanted(): Promise<string[]> {
    const { deployment, places, runner, session } = this;
    const [node] = session.nodes;
    const machine = deployment.machine(node.name);
    const copies = new Copies(await this.originals(machine), this.folder);
    const plants = new Plants(deployment, runner);
    const act = async (): Promise<string[]> => {
      await plants.lay(machine);
      const all = [...plants.all, ...copies.all];
      const secrets = all.map(({ secret }) => secret);
      const searched = [
        ...(await places.search(secrets, [node])),
        ...(await copies.search(new Matcher(needlesOf(secrets)))),
      ];
      this.removed = plants.all.filter(({ stays }) => !stays).map(({ secret }) => ({ ...secret, holders: [] }));
      return mistakesOf(all, findingsOf(searched, secrets));
    };
    const mistakes = await act().catch(async (error: Error) => {
      await plants.remove().catch(() => undefined);
      throw error;
    });
    await plants.remove();
    return mistakes;
  }

  /** Searches for the secrets of the cluster, and for the planted ones, of which nothing may be left. */
  public async search(): Promise<SearchOutcome> {
    const secrets = [...(await this.secretsOfCluster()), ...this.removed];
    const searched = await this.places.search(secrets);
    const passwords = await Promise.all(
      this.session.nodes.map(async (node) => ({ node, keys: await shownPasswords(this.places.rest, node) })),
    );
    return {
      secrets: secrets.length,
      rows: tellSearch(searched, secrets),
      findings: findingsOf(searched, secrets),
      notSeenAtHome: notSeenAtHome(searched, secrets),
      shownPasswords: passwords.flatMap(({ node, keys }) => keys.map((key) => `${node.name}: ${key}`)),
    };
  }

  private async secretsOfCluster(): Promise<Secret[]> {
    const ofNodes = await Promise.all(
      this.session.nodes.map(async ({ name }) => {
        const machine = this.deployment.machine(name);
        return secretsOfNode(name, await this.runner.run(machine, nodeJsOf(machine), COLLECT));
      }),
    );
    return [...ofNodes.flat(), ...secretsOfOperator(this.deployment.client.root)];
  }

  private async originals(machine: Machine): Promise<Originals> {
    const [{ restAddress }] = this.session.nodes;
    const userData = await readUserData(this.deployment.lab.ec2(), [{ InstanceId: machine.id }]);
    return {
      userData: Buffer.from(userData[machine.id], "base64"),
      consoleLog: machine.consoleLog,
      environment: await this.places.rest.text("GET", `${restAddress}/jobmanager/environment`),
    };
  }
}
