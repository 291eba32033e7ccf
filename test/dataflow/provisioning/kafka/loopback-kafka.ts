import { ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Admin,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from "kafkajs";
import type { KafkaDoor } from "../../../../lib/dataflow/provisioning/kafka/provide-topics";
import { createAuthority, Issuer } from "../../../lab/authority";
import { waitFor } from "../../../lab/wait-for";
import { ensureKafka } from "../../../scenarios/kafka/kafka-software";
import { propertiesFile } from "../../../scenarios/others/properties-file";
import { freePort } from "../../../support/free-port";

const HOST = "localhost";
const START_MILLIS = 120_000;
const HEAP = "-Xmx256m";

/** What the role of the function may do with topics, in the words of Kafka's ACLs. */
export const NEEDED = [
  AclOperationTypes.ALTER,
  AclOperationTypes.ALTER_CONFIGS,
  AclOperationTypes.CREATE,
  AclOperationTypes.DESCRIBE,
  AclOperationTypes.DESCRIBE_CONFIGS,
];
/** Whom nobody asks who he is: the tests themselves. */
const ANYBODY = "ANONYMOUS";
const AUTHORIZER_LOG = `log4j.rootLogger=OFF
log4j.logger.kafka.authorizer.logger=INFO, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%m%n
`;

/**
 * A real Kafka of one broker on loopback, which speaks TLS with its clients. At one port it takes everybody in, who may then do
 * everything; at the other one those who show a token of Amazon MSK, who may do what an ACL allows.
 */
export class LoopbackKafka {
  public static async start(): Promise<LoopbackKafka> {
    const { lib } = await ensureKafka();
    const folder = mkdtempSync(join(tmpdir(), "kafka-"));
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    writeFileSync(join(folder, "broker.pem"), `${key}\n${certificate}\n`);
    writeFileSync(join(folder, "authority.pem"), authority.certificate);
    writeFileSync(join(folder, "log4j.properties"), AUTHORIZER_LOG);
    await promisify(execFile)("javac", ["-cp", join(lib, "*"), "-d", folder, join(__dirname, "MskTokens.java")]);
    const ports = { anybody: await freePort(), tokens: await freePort() };
    const broker = new LoopbackKafka(folder, lib, ports, authority.certificate);
    writeFileSync(join(folder, "server.properties"), propertiesFile(broker.settings(await freePort())));
    const id = randomBytes(16).toString("base64url");
    // In one word: an id may begin with a hyphen.
    await broker.run("kafka.tools.StorageTool", "format", `--cluster-id=${id}`, "--config", broker.settingsFile);
    await broker.serve();
    return broker;
  }

  private process?: ChildProcess;
  private readonly lines: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly lib: string,
    private readonly ports: Readonly<Record<"anybody" | "tokens", number>>,
    private readonly authority: string,
  ) {}

  public get bootstrapServers(): string {
    return `${HOST}:${this.ports.anybody}`;
  }

  /** The same for those who show a token. */
  public get bootstrapServersForTokens(): string {
    return `${HOST}:${this.ports.tokens}`;
  }

  /** Path of the PEM of what signed its certificate. */
  public get authorityFile(): string {
    return join(this.folder, "authority.pem");
  }

  /** How everybody comes in. */
  public get door(): KafkaDoor {
    return { ssl: { ca: this.authority } };
  }

  /** What it refused to those who showed a token, in its own words. */
  public get refusals(): string {
    return this.lines.join("");
  }

  /** Lets somebody do something with topics of these names, until `forbidAll`. */
  public async allow(who: string, topics: readonly string[], operations: readonly AclOperationTypes[]): Promise<void> {
    const acl = topics.flatMap((resourceName) =>
      operations.map((operation) => ({
        ...{ resourceName, operation, principal: `User:${who}`, host: "*" },
        resourceType: AclResourceTypes.TOPIC,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        permissionType: AclPermissionTypes.ALLOW,
      })),
    );
    await this.asClient((admin) => admin.createAcls({ acl }));
  }

  public async forbidAll(): Promise<void> {
    const filter = {
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    };
    await this.asClient((admin) => admin.deleteAcls({ filters: [filter] }));
  }

  /** Does something as one of its clients. */
  public async asClient<T>(act: (admin: Admin) => Promise<T>): Promise<T> {
    const kafka = new Kafka({ brokers: [this.bootstrapServers], logLevel: logLevel.NOTHING, ...this.door });
    const admin = kafka.admin({ retry: { initialRetryTime: 50, retries: 6 } });
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
    const doors = `SSL://${this.bootstrapServers},TOKENS://${this.bootstrapServersForTokens}`;
    return {
      "process.roles": "broker,controller",
      "node.id": "1",
      "controller.quorum.voters": `1@${HOST}:${controllerPort}`,
      listeners: `${doors},CONTROLLER://${HOST}:${controllerPort}`,
      "advertised.listeners": doors,
      "listener.security.protocol.map": "SSL:SSL,TOKENS:SASL_SSL,CONTROLLER:PLAINTEXT",
      "listener.name.tokens.sasl.enabled.mechanisms": "OAUTHBEARER",
      "listener.name.tokens.oauthbearer.sasl.jaas.config":
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
      "listener.name.tokens.oauthbearer.sasl.server.callback.handler.class": "MskTokens",
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "super.users": `User:${ANYBODY}`,
      "controller.listener.names": "CONTROLLER",
      "inter.broker.listener.name": "SSL",
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": join(this.folder, "broker.pem"),
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": this.authorityFile,
      "auto.create.topics.enable": "false",
      "log.dirs": join(this.folder, "data"),
    };
  }

  private async serve(): Promise<void> {
    const log = `-Dlog4j.configuration=file:${join(this.folder, "log4j.properties")}`;
    const argv = [log, ...this.java("kafka.Kafka", this.settingsFile)];
    const server = spawn("java", argv, { stdio: ["ignore", "pipe", "ignore"], cwd: this.folder });
    this.process = server;
    server.stdout.on("data", (text: Buffer) => this.lines.push(text.toString()));
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
    return [HEAP, "-cp", `${this.folder}:${join(this.lib, "*")}`, program, ...args];
  }
}
