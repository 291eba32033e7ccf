import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { mkdirSync, rmSync, writeFileSync } from "fs";
import * as path from "path";
import { DATA, JOB_MANAGER_PATHS, TASK_MANAGER_PATHS } from "../../../lib/node/paths";
import { JOB_MANAGER_USER, TASK_MANAGER_USER, ZOOKEEPER_USER } from "../../../lib/node/users";
import { Machine } from "../../lab/machine";
import { Terraform } from "../../support/terraform";
import { Deployment } from "../deployment";
import { TaskRunner } from "./on-machine/run-on-machine";
import { PlantedFile } from "./on-machine/task";
import { nodeJsOf } from "./places";
import { plant, Plant, valueOf } from "./planted";
import { TERRAFORM_PLACES } from "./terraform-files";

const NAME = "secret-search-control";

/** Marked secrets in the real places of a running cluster, where they must be found; taken away afterwards. */
export class Plants {
  private readonly undo: (() => Promise<unknown>)[] = [];
  public readonly all: Plant[] = [];

  public constructor(
    private readonly deployment: Deployment,
    private readonly runner: TaskRunner,
  ) {}

  public async lay(machine: Machine): Promise<void> {
    await this.layForTerraform();
    await this.layObject();
    await this.layOnMachine(machine);
  }

  /** Takes all away, whatever of it fails. */
  public async remove(): Promise<void> {
    const outcomes = await Promise.allSettled(this.undo.splice(0).map((undo) => undo()));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  private add(...plants: Plant[]): void {
    this.all.push(...plants);
  }

  /** A configuration of its own beside the cluster's, really planned and applied. */
  private async layForTerraform(): Promise<void> {
    const one = plant("Terraform", TERRAFORM_PLACES);
    this.add(one);
    const folder = path.join(this.deployment.folder, NAME);
    this.undo.push(async () => rmSync(folder, { recursive: true, force: true }));
    await applyPlanted(folder, valueOf(one), (dir) => this.deployment.lab.terraform(dir));
  }

  private async layObject(): Promise<void> {
    const one = plant("an object", ["objects of all buckets, old versions too"]);
    this.add(one);
    const object = { Bucket: this.deployment.bucket, Key: NAME };
    const s3 = this.deployment.lab.s3();
    const { VersionId } = await s3.send(new PutObjectCommand({ ...object, Body: `planted: ${valueOf(one)}\n` }));
    this.undo.push(() => s3.send(new DeleteObjectCommand({ ...object, VersionId })));
  }

  private async layOnMachine(machine: Machine): Promise<void> {
    const node = nodeJsOf(machine);
    const files = plantedFiles(machine.name);
    const environment = plant("an environment", ["environments of processes, by who can read them"]);
    const commandLine = plant("a command line", ["command lines"]);
    // Where the journal is kept on disk, its files are log files.
    const journal = plant("the journal", ["journal"], { perhapsIn: ["log files"], stays: true });
    // systemd writes a unit that was made by a command into a file that all may read.
    const unit = plant("a unit", ["listings of systemd, as nobody"], { perhapsIn: ["files, by who can read them"] });
    this.add(...files.map(({ plant }) => plant), environment, commandLine, journal, unit);

    const paths = files.map(({ file }) => file.path);
    let processes: readonly number[] = [];
    this.undo.push(() => this.runner.run(machine, node, { task: "uproot", files: paths, processes, unit: NAME }));
    processes = await this.runner.run(machine, node, {
      task: "plant",
      files: files.map(({ file }) => file),
      user: "nobody",
      environment: valueOf(environment),
      commandLine: valueOf(commandLine),
      journal: valueOf(journal),
      unit: { name: NAME, value: valueOf(unit) },
    });
  }
}

/** Plans and applies a value, so that it really is in the configuration, in the plan and in the state. */
export async function applyPlanted(
  folder: string,
  value: string,
  initialized: (folder: string) => Promise<Terraform>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const resource = { terraform_data: { planted: { input: value } } };
  writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ resource }));
  const terraform = await initialized(folder);
  await terraform.plan();
  await terraform.apply({ planned: true });
}

/** On both volumes: readable by all, by the wrong one, and by nobody but who may have it. */
function plantedFiles(machine: string): { readonly plant: Plant; readonly file: PlantedFile }[] {
  const inFiles = ["files, by who can read them"];
  const inLogs = ["log files", "answers of the REST API"];
  const theJobManager = { holders: [{ machine, user: JOB_MANAGER_USER }] };
  // The leading JobManager keeps a copy of what it was asked for.
  const copied = { perhapsIn: inFiles, stays: true };
  const rows: [Plant, string, number, string][] = [
    [plant("a file of the root volume that all can read", inFiles), "/var/tmp/open", 0o644, "root"],
    [plant("a file of the data volume that all can read", inFiles), `${DATA}/open`, 0o644, "root"],
    [plant("a file in memory that all can read", inFiles), "/run/open", 0o644, "root"],
    [plant("a file of the wrong user", inFiles, theJobManager), "/var/tmp/wrong", 0o600, ZOOKEEPER_USER],
    [plant("a file of a job", inFiles), "/var/tmp/job", 0o600, TASK_MANAGER_USER],
    [plant("a file of who may have it", [], theJobManager), "/var/tmp/holder", 0o600, JOB_MANAGER_USER],
    [plant("a file of root", []), "/var/tmp/root", 0o600, "root"],
    [plant("a log of the JobManager", inLogs), `${JOB_MANAGER_PATHS.log}/control`, 0o600, JOB_MANAGER_USER],
    [plant("a log of the TaskManager", inLogs, copied), `${TASK_MANAGER_PATHS.log}/control`, 0o600, TASK_MANAGER_USER],
  ];
  return rows.map(([one, at, mode, owner]) => ({
    plant: one,
    file: { path: `${at}.${NAME}.log`, content: valueOf(one), mode, owner },
  }));
}
