import { ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Admin, Kafka, logLevel } from "kafkajs";
import type { KafkaDoor } from "../../../../lib/dataflow/provisioning/kafka/provide-topics";
import { createAuthority, Issuer } from "../../../lab/authority";
import { waitFor } from "../../../lab/wait-for";
import { ensureKafka } from "../../../scenarios/kafka/kafka-software";
import { propertiesFile } from "../../../scenarios/others/properties-file";
import { freePort } from "../free-port";

const HOST = "localhost";
const START_MILLIS = 120_000;
const HEAP = "-Xmx256m";

/** A real Kafka of one broker on loopback, which speaks TLS with its clients and takes everybody in. */
export class LoopbackKafka {
  public static async start(): Promise<LoopbackKafka> {
    const { lib } = await ensureKafka();
    const folder = mkdtempSync(join(tmpdir(), "kafka-"));
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    writeFileSync(join(folder, "broker.pem"), `${key}\n${certificate}\n`);
    writeFileSync(join(folder, "authority.pem"), authority.certificate);
    const broker = new LoopbackKafka(folder, lib, await freePort(), authority.certificate);
    writeFileSync(join(folder, "server.properties"), propertiesFile(broker.settings(await freePort())));
    const id = randomBytes(16).toString("base64url");
    await broker.run("kafka.tools.StorageTool", "format", "--cluster-id", id, "--config", broker.settingsFile);
    await broker.serve();
    return broker;
  }

  private process?: ChildProcess;

  private constructor(
    private readonly folder: string,
    private readonly lib: string,
    private readonly port: number,
    private readonly authority: string,
  ) {}

  public get bootstrapServers(): string {
    return `${HOST}:${this.port}`;
  }

  /** How its clients come in. */
  public get door(): KafkaDoor {
    return { ssl: { ca: this.authority }, retry: { initialRetryTime: 50, retries: 6 } };
  }

  /** Does something as one of its clients. */
  public async asClient<T>(act: (admin: Admin) => Promise<T>): Promise<T> {
    const kafka = new Kafka({ brokers: [this.bootstrapServers], logLevel: logLevel.NOTHING, ...this.door });
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await act(admin);
    } finally {
      await admin.disconnect();
    }
  }

  public async stop(): Promise<void> {
    const { process } = this;
    if (process && process.exitCode === null) {
      const ended = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get settingsFile(): string {
    return join(this.folder, "server.properties");
  }

  private settings(controllerPort: number): Record<string, string> {
    return {
      "process.roles": "broker,controller",
      "node.id": "1",
      "controller.quorum.voters": `1@${HOST}:${controllerPort}`,
      listeners: `SSL://${this.bootstrapServers},CONTROLLER://${HOST}:${controllerPort}`,
      "advertised.listeners": `SSL://${this.bootstrapServers}`,
      "listener.security.protocol.map": "SSL:SSL,CONTROLLER:PLAINTEXT",
      "controller.listener.names": "CONTROLLER",
      "inter.broker.listener.name": "SSL",
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": join(this.folder, "broker.pem"),
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": join(this.folder, "authority.pem"),
      "auto.create.topics.enable": "false",
      "log.dirs": join(this.folder, "data"),
    };
  }

  private async serve(): Promise<void> {
    const server = spawn("java", this.java("kafka.Kafka", this.settingsFile), { stdio: "ignore", cwd: this.folder });
    this.process = server;
    const ended = new Promise<never>((_, reject) => {
      server.once("error", reject);
      server.once("exit", (code) => reject(new Error(`Kafka ended with ${code}`)));
    });
    const answers = () => this.asClient(async (admin) => (await admin.describeCluster()).brokers.length === 1);
    await Promise.race([ended, waitFor(answers, { timeout: START_MILLIS, what: "Kafka on loopback", interval: 250 })]);
    // Its end is expected from now on.
    ended.catch(() => undefined);
  }

  private async run(program: string, ...args: string[]): Promise<void> {
    await promisify(execFile)("java", this.java(program, ...args), { cwd: this.folder });
  }

  private java(program: string, ...args: string[]): string[] {
    return [HEAP, "-cp", join(this.lib, "*"), program, ...args];
  }
}
