import * as fs from "fs";
import * as path from "path";
import { roleNamePrefix } from "../../lib/cluster/role-parts";
import type { ClusterStatus } from "../../lib/software/node-status";
import type { Period, Teardown } from "../lab/judge/figures";
import { Lab } from "../lab/lab";
import { Machine } from "../lab/machine";
import { Plan, PlannedAction, plannedActions, Terraform } from "../support/terraform";
import { CLIENT_CERTIFICATE_FOLDER } from "./credentials";
import { FlinkSession } from "./flink-session";
import { HOSTILE_STRINGS_VARIABLE } from "./hostile-strings";
import {
  CLIENT_NAME,
  CLIENT_ROLE_PREFIX,
  FLINK_SETTINGS_VARIABLE,
  synthesizeLabStacks,
  synthesizeOneStack,
} from "./lab-stacks";
import type { LogsSettings } from "./logs/logs-stacks";
import type { MetricsSettings } from "./metrics-lab/metrics-stacks";
import type { OpenSearchSettings } from "./opensearch/opensearch-stacks";
import type { OrdersSettings } from "./orders-enrichment/orders-stacks";
import type { PostgreSqlSettings } from "./postgresql/postgresql-stacks";

/** Settings of the ready stacks, by their names in the context. */
export interface DeploymentSettings {
  readonly flinkVersion?: string;
  /** Whether it may be a line that reads no savepoint of the one that runs. */
  readonly allowStateLoss?: boolean;
  readonly nodeCount?: number;
  readonly numberOfTaskSlots?: number;
  readonly checkpointIntervalSeconds?: number;
  /** Delay of the default restart strategy. */
  readonly restartDelaySeconds?: number;
  /** How long the certificates of the nodes' processes are good. */
  readonly certificateValiditySeconds?: number;
  /** Whether certificates come from authorities of AWS Private CA, in the stack `authorities`. */
  readonly privateAuthorities?: boolean;
  /** Whether jobs may read files, beside those that they write. */
  readonly readsFiles?: boolean;
  /** Topics of Kafka that jobs may read, beside one to write, of the stacks `kafka-users` and `kafka`. */
  readonly kafkaTopics?: readonly string[];
  /** An OpenSearch that jobs may write to, of the stacks `opensearch-users` and `opensearch`. */
  readonly openSearch?: OpenSearchSettings;
  /** Where logs go, of the same stacks; jobs then write no files. */
  readonly logs?: LogsSettings;
  /** Where metrics go, of the stacks `metrics-users` and `metrics-servers`; jobs then write no files. */
  readonly metrics?: MetricsSettings;
  /** A PostgreSQL that jobs may read and write, of the stacks `postgresql-users` and `postgresql`. */
  readonly postgreSql?: PostgreSqlSettings;
  /** The systems of examples/orders-enrichment, of the stacks `orders-secrets` and `orders-systems`. */
  readonly ordersEnrichment?: OrdersSettings;
  /** Whether people take roles to operate the cluster (see operators/operator-roles.ts). */
  readonly operators?: boolean;
  /** Such as `c7i.large`; the default where it is left out. */
  readonly instanceType?: string;
  readonly logLevel?: string;
  /** Flink's own keys. */
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
  /** Whether storage, cluster, sink and client are all in the stack `streaming`, and go together. */
  readonly inOneStack?: boolean;
  /** Whether the cluster carries every hostile string in its configuration and tags. */
  readonly hostileStrings?: boolean;
  readonly removalPolicy?: "destroy";
  readonly terminationProtection?: boolean;
  /** Whether an apply waits for the nodes, as a user's does; left out, it does not: who measures sees all of what comes after. */
  readonly rollout?: "wait";
}

/** The output of the streaming stack that describes the cluster. */
export interface ClusterOutput {
  readonly cluster_name: string;
  readonly node_names: readonly string[];
  readonly node_hosts: readonly string[];
  readonly rest_addresses: readonly string[];
  readonly checkpoints: string;
  readonly savepoints: string;
  readonly node_security_group_id: string;
  readonly client_security_group_id: string;
  readonly job_role_name: string;
  readonly node_role_name: string;
  readonly node_authority_arn: string;
  readonly client_authority_arn: string;
}

export type StackName =
  | "authorities"
  | "storage"
  | "streaming"
  | "sink"
  | "client"
  | "kafka-users"
  | "kafka"
  | "opensearch-users"
  | "opensearch"
  | "metrics-users"
  | "metrics-servers"
  | "postgresql-users"
  | "postgresql"
  | "orders-secrets"
  | "orders-systems";

const CLUSTER_NAME = "lab";

/** The ready stacks and the tests' own, synthesized, applied and destroyed in a lab by plain Terraform. */
export class Deployment {
  private readonly terraforms = new Map<StackName, Terraform>();
  private current?: ClusterOutput;

  public constructor(
    public readonly lab: Lab,
    private settings: DeploymentSettings,
    public readonly folder: string = path.join(lab.folder, "deployment"),
  ) {}

  public get bucket(): string {
    return "flink-lab-checkpoints";
  }

  public get output(): ClusterOutput {
    if (!this.current) throw new Error("the streaming stack is not applied");
    return this.current;
  }

  /** Where the stacks are synthesized to, and Terraform runs. */
  public get outdir(): string {
    return path.join(this.folder, "cdktf.out");
  }

  /** Settings of the stacks come by the environment, as they come to a user's. */
  public synthesize(): void {
    const { settings } = this;
    const values: Record<string, string | number | boolean | undefined> = {
      FLINK_REGION: this.lab.region,
      FLINK_BUCKET_NAME: this.bucket,
      FLINK_CLUSTER_NAME: CLUSTER_NAME,
      FLINK_REMOVAL_POLICY: settings.removalPolicy,
      FLINK_TERMINATION_PROTECTION: settings.terminationProtection,
      FLINK_ROLLOUT: settings.rollout ?? "detached",
      FLINK_SOFTWARE_ORIGIN: "package-registries",
      FLINK_FLINK_VERSION: settings.flinkVersion,
      FLINK_ALLOW_STATE_LOSS: settings.allowStateLoss,
      FLINK_NODE_COUNT: settings.nodeCount,
      FLINK_INSTANCE_TYPE: settings.instanceType,
      FLINK_NUMBER_OF_TASK_SLOTS: settings.numberOfTaskSlots,
      FLINK_CHECKPOINT_INTERVAL_SECONDS: settings.checkpointIntervalSeconds,
      [FLINK_SETTINGS_VARIABLE]: JSON.stringify({
        restartDelaySeconds: settings.restartDelaySeconds,
        certificateValiditySeconds: settings.certificateValiditySeconds,
        privateAuthorities: settings.privateAuthorities,
        readsFiles: settings.readsFiles,
        kafkaTopics: settings.kafkaTopics,
        openSearch: settings.openSearch,
        logs: settings.logs,
        metrics: settings.metrics,
        postgreSql: settings.postgreSql,
        ordersEnrichment: settings.ordersEnrichment,
        operators: settings.operators,
        logLevel: settings.logLevel,
        flinkConfiguration: settings.flinkConfiguration,
      }),
      [HOSTILE_STRINGS_VARIABLE]: settings.hostileStrings ? "1" : undefined,
    };
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = String(value);
    }
    fs.mkdirSync(this.folder, { recursive: true });
    (settings.inOneStack ? synthesizeOneStack : synthesizeLabStacks)(this.outdir, this.lab.region);
  }

  public async terraform(stack: StackName): Promise<Terraform> {
    let terraform = this.terraforms.get(stack);
    if (!terraform) {
      terraform = await this.lab.terraform(path.join(this.outdir, "stacks", stack));
      this.terraforms.set(stack, terraform);
    }
    return terraform;
  }

  /** When stacks were taken down: what is refused to their own roles then goes with them. */
  public readonly teardowns: Teardown[] = [];
  /** From a cluster's first resource until all its nodes were healthy: they may be quicker than their endpoints. */
  public readonly buildups: Period[] = [];
  private building?: string;
  private isUp = false;

  public async apply(stack: StackName): Promise<void> {
    const terraform = await this.terraform(stack);
    if (stack === "streaming" && !this.isUp) [this.building, this.isUp] = [now(), true];
    await terraform.apply();
    // A machine that this host refuses to boot is told of here, and not by who waits for it in vain.
    await this.lab.settled();
    if (stack === "streaming") {
      this.current = (await terraform.output<Record<string, ClusterOutput>>())[CLUSTER_NAME];
    }
  }

  public async plan(stack: StackName): Promise<Plan> {
    return (await this.terraform(stack)).plan();
  }

  /** What plans would do with the resources of stacks, by address, in the order of the stacks. All are made at once. */
  public plannedActions(...stacks: readonly StackName[]): Promise<Record<string, PlannedAction>[]> {
    return Promise.all(stacks.map(async (stack) => plannedActions(await this.plan(stack))));
  }

  public async destroy(stack: StackName): Promise<void> {
    const terraform = await this.terraform(stack);
    const [from, roles] = [now(), this.rolesOf(stack)];
    await terraform.destroy();
    await this.lab.settled();
    this.teardowns.push({ from, to: now(), roles });
    if (stack === "streaming") this.isUp = false;
  }

  /** Whose permissions go with a stack. */
  private rolesOf(stack: StackName): readonly string[] {
    if (stack === "client") return [CLIENT_ROLE_PREFIX];
    const ofClient = this.settings.inOneStack ? [CLIENT_ROLE_PREFIX] : [];
    if (stack !== "streaming") return [];
    const { node_role_name: ofNodes, job_role_name: ofJobs } = this.output;
    return [...ofClient, ofNodes, ofJobs, roleNamePrefix(CLUSTER_NAME, "metrics")];
  }

  /** Changes settings of the running cluster: its nodes are told, and not waited for. */
  public async change(settings: Partial<DeploymentSettings>): Promise<void> {
    this.prepare(settings);
    await this.apply("streaming");
  }

  /** The same, up to where it would be applied. */
  public prepare(settings: Partial<DeploymentSettings>): void {
    this.settings = { ...this.settings, ...settings };
    this.synthesize();
  }

  /** The same, of an operator whose machine is gone in the middle of the apply. */
  public async changeUntilKilled(settings: Partial<DeploymentSettings>, killedBy: AbortSignal): Promise<void> {
    this.prepare(settings);
    await (await this.terraform("streaming")).applyUntilKilled(killedBy);
    await this.lab.settled();
  }

  /**
   * Destroys the cluster. The first of the two acts of which that needs, as it is protected by default, goes on while
   * the stacks are destroyed that stand in its network.
   */
  public async destroyCluster(...beside: readonly StackName[]): Promise<void> {
    const isProtected = this.settings.terminationProtection !== false;
    // Nobody waits for nodes that are to go.
    const lifted = isProtected ? this.change({ terminationProtection: false, rollout: undefined }) : Promise.resolve();
    await Promise.all([lifted, ...beside.map((stack) => this.destroy(stack))]);
    await this.destroy("streaming");
  }

  public machine(node: string): Machine {
    return this.lab.machine(node);
  }

  public get client(): Machine {
    return this.lab.machine(CLIENT_NAME);
  }

  /** Waits with the user's own command until every node reports that it is healthy. */
  public async waitUntilHealthy(timeoutMinutes: number): Promise<string> {
    const nodes = this.output.node_names.join(",");
    const said = await this.command("wait", ["--nodes", nodes, "--timeout", `${timeoutMinutes}m`], timeoutMinutes + 1);
    if (this.building !== undefined) this.buildups.push({ from: this.building, to: now() });
    this.building = undefined;
    return said;
  }

  /** What the user's own command tells of the nodes. */
  public status(): Promise<string> {
    return this.command("status", [], 2);
  }

  /** The same, of the cluster that the command finds by its name alone. */
  public async statusByName(): Promise<ClusterStatus> {
    const named = ["--cluster", this.output.cluster_name, "--region", this.lab.region];
    return JSON.parse(await this.run("status", [...named, "--json"], 2)) as ClusterStatus;
  }

  /** Waits with the user's own command until all nodes have taken the last change over. */
  public waitUntilRolled(timeoutMinutes: number): Promise<string> {
    return this.command("wait", ["--rolled", "--timeout", `${timeoutMinutes}m`], timeoutMinutes + 1);
  }

  /** The running cluster, asked from the client machine, with a certificate that the user's own command made. */
  public async session(): Promise<FlinkSession> {
    const { node_names, node_hosts, rest_addresses, node_authority_arn, client_authority_arn } = this.output;
    const authorities = ["--node-authority", node_authority_arn, "--client-authority", client_authority_arn];
    const out = ["--out", path.join(this.client.root, CLIENT_CERTIFICATE_FOLDER)];
    await this.command("certificate", [...out, ...(this.settings.privateAuthorities ? authorities : [])], 2);
    return new FlinkSession(
      node_names.map((name, index) => ({
        name,
        host: node_hosts[index],
        restAddress: rest_addresses[index],
        machine: this.machine(name),
      })),
      this.client,
    );
  }

  /** Runs the user's command line for the cluster, as the operator. */
  private command(name: string, options: readonly string[], timeoutMinutes: number): Promise<string> {
    const cluster = ["--bucket", this.bucket, "--region", this.lab.region, "--cluster", this.output.cluster_name];
    return this.run(name, [...cluster, ...options], timeoutMinutes);
  }

  private async run(name: string, options: readonly string[], timeoutMinutes: number): Promise<string> {
    const program = path.resolve(__dirname, "..", "..", "build", "bin", "cdktf-flink.js");
    const result = await this.lab.exec([process.execPath, program, name, ...options], {
      timeout: timeoutMinutes * 60_000,
    });
    if (result.code !== 0) throw new Error(`cdktf-flink ${name} failed:\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }
}

/** As the log of calls tells the time. */
function now(): string {
  return new Date().toISOString();
}
