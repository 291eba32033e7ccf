import { randomBytes } from "crypto";
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "fs";
import * as path from "path";
import type { KeyAndCertificate } from "../../lab/authority";
import { Machine } from "../../lab/machine";
import { waitFor } from "../../lab/wait-for";
import type { MavenSoftware } from "../others/maven-software";
import { newPassword } from "../others/passwords";
import { propertiesFile } from "../others/properties-file";
import { releaseSoftware, unpackPart } from "../release-software";
import { KafkaClient } from "./kafka-client";

export interface KafkaBrokerProps {
  readonly machine: Machine;
  /** The name by which clients know it, and its port. */
  readonly host: string;
  readonly port: number;
  /** For that name. */
  readonly certificate: KeyAndCertificate;
  /** PEM of what signed it. */
  readonly authority: string;
  /** Another door, for those who show a certificate and nothing else. */
  readonly clientCertificates?: ClientCertificates;
  readonly software: MavenSoftware;
  /** Flink line whose Java it runs with. */
  readonly flinkVersion: string;
}

/** Who comes in there is `User:` and the certificate's whole name, such as `User:CN=reader`. */
export interface ClientCertificates {
  readonly port: number;
  /** PEM of who signs the certificates of clients. */
  readonly authority: string;
}

const HOME = "/opt/kafka";
const CLIENT_AUTHORITY = `${HOME}/etc/client-authority.pem`;
const DATA = "/var/lib/kafka";
const USER = "kafka";
const ADMINISTRATOR = "administrator";
const UNIT = "kafka.service";
/** Of the broker with itself as its own controller: on loopback. */
const CONTROLLER_PORT = 9093;
const PATIENCE = 300_000;
const SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";
const PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";

/**
 * Somebody else's Kafka: one broker, which speaks TLS and knows its clients by SASL/SCRAM-SHA-512, or at another port by
 * certificates, and lets nobody do what no ACL of it allows. Its administrator is known to its own machine alone.
 */
export class KafkaBroker {
  /** Lays it out on a machine that is on, starts it and waits until it answers. */
  public static async start(props: KafkaBrokerProps): Promise<KafkaBroker> {
    const broker = new KafkaBroker(props);
    await broker.layOut();
    await broker.props.machine.run(["systemctl", "enable", "--now", UNIT]);
    await broker.waitUntilReady();
    return broker;
  }

  /** Of its administrator, on its own machine. */
  public readonly administrator: KafkaClient;
  private readonly passwords = { administrator: newPassword(), controller: newPassword() };

  private constructor(private readonly props: KafkaBrokerProps) {
    this.administrator = new KafkaClient(
      {
        ...{ host: props.machine, java: `${HOME}/java/bin/java`, user: USER },
        classPath: [`${HOME}/program`, `${HOME}/lib/*`],
      },
      `${HOME}/etc/administrator.properties`,
    );
  }

  /** Starts it anew: who is connected has to show a password, or a certificate, again. */
  public async restart(): Promise<void> {
    await this.props.machine.run(["systemctl", "restart", UNIT], { timeout: PATIENCE });
    await this.waitUntilReady();
  }

  /** Takes certificates of this authority (PEM) alone from now on; who is connected has to show one. */
  public async trustClients(authority: string): Promise<void> {
    // The file stays the broker's own.
    writeFileSync(path.join(this.props.machine.root, CLIENT_AUTHORITY), authority);
    await this.restart();
  }

  /** Lines of its log about what no ACL allows. */
  public async refusals(): Promise<string[]> {
    const log = await this.props.machine.run(["journalctl", "--no-pager", "-o", "cat", "-u", UNIT]);
    return log.split("\n").filter((line) => line.includes("is Denied operation"));
  }

  private async layOut(): Promise<void> {
    const { machine, software, certificate, authority, clientCertificates, flinkVersion } = this.props;
    const home = path.join(machine.root, HOME);
    await unpackPart(releaseSoftware(flinkVersion).java, path.join(home, "java"));
    cpSync(software.lib, path.join(home, "lib"), { recursive: true });
    cpSync(software.program, path.join(home, "program"), { recursive: true });
    mkdirSync(path.join(home, "etc"));
    const files: Record<string, string> = {
      "broker.pem": `${certificate.key}\n${certificate.certificate}\n`,
      "authority.pem": authority,
      ...(clientCertificates && { [path.basename(CLIENT_AUTHORITY)]: clientCertificates.authority }),
      "server.properties": propertiesFile(this.serverProperties()),
      "administrator.properties": propertiesFile(this.administratorProperties()),
      "log4j.properties": LOG_SETTINGS,
    };
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(home, "etc", name);
      writeFileSync(file, content);
      chmodSync(file, 0o600);
    }
    writeFileSync(path.join(machine.root, "etc/systemd/system", UNIT), UNIT_FILE);
    await machine.run(["useradd", "--system", "--no-create-home", USER]);
    await machine.run(["install", "-d", "-o", USER, "-g", USER, "-m", "0700", DATA]);
    await machine.run(["chown", "-R", `${USER}:${USER}`, `${HOME}/etc`]);
    const firstUser = `SCRAM-SHA-512=[name=${ADMINISTRATOR},password=${this.passwords.administrator}]`;
    const id = randomBytes(16).toString("base64url");
    await machine.run(
      [
        ...[`${HOME}/java/bin/java`, "-Xmx256m", "-cp", `${HOME}/lib/*`, "kafka.tools.StorageTool", "format"],
        // In one word: an id may begin with a hyphen.
        ...[`--cluster-id=${id}`, "--config", `${HOME}/etc/server.properties`, "--add-scram", firstUser],
      ],
      { user: USER, timeout: PATIENCE },
    );
    await machine.run(["systemctl", "daemon-reload"]);
  }

  private async waitUntilReady(): Promise<void> {
    const { machine } = this.props;
    const answers = async () => (await this.administrator.run("nodes")) === "1";
    try {
      await waitFor(answers, { timeout: PATIENCE, what: `the Kafka broker of ${machine.name}`, interval: 500 });
    } catch (error) {
      const { stdout } = await machine.exec(["journalctl", "--no-pager", "-n", "40", "-u", UNIT]);
      throw new Error(`${(error as Error).message}\n${stdout}`, { cause: error });
    }
  }

  private serverProperties(): Record<string, string> {
    const doors = [`CLIENTS://:${this.props.port}`, ...this.certificateDoor("")];
    const advertised = [`CLIENTS://${this.props.host}:${this.props.port}`, ...this.certificateDoor(this.props.host)];
    const { administrator, controller } = this.passwords;
    const controllerLogin = `${PLAIN} required username="controller" password="${controller}" user_controller="${controller}";`;
    return {
      "process.roles": "broker,controller",
      "node.id": "1",
      "controller.quorum.voters": `1@127.0.0.1:${CONTROLLER_PORT}`,
      listeners: [...doors, `CONTROLLER://127.0.0.1:${CONTROLLER_PORT}`].join(","),
      "advertised.listeners": advertised.join(","),
      "listener.security.protocol.map": "CLIENTS:SASL_SSL,CERTIFICATES:SSL,CONTROLLER:SASL_PLAINTEXT",
      "controller.listener.names": "CONTROLLER",
      "inter.broker.listener.name": "CLIENTS",
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": `${HOME}/etc/broker.pem`,
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": `${HOME}/etc/authority.pem`,
      ...(this.props.clientCertificates && BY_CERTIFICATE),
      "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
      "listener.name.clients.sasl.enabled.mechanisms": "SCRAM-SHA-512",
      "listener.name.clients.scram-sha-512.sasl.jaas.config": scramLogin(ADMINISTRATOR, administrator),
      // No client comes to this one, and credentials of SCRAM are kept by the controller itself.
      "sasl.mechanism.controller.protocol": "PLAIN",
      "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
      "listener.name.controller.plain.sasl.jaas.config": controllerLogin,
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "allow.everyone.if.no.acl.found": "false",
      "super.users": `User:${ADMINISTRATOR};User:controller`,
      "auto.create.topics.enable": "false",
      "log.dirs": DATA,
      "offsets.topic.replication.factor": "1",
      "offsets.topic.num.partitions": "4",
      "transaction.state.log.replication.factor": "1",
      "transaction.state.log.min.isr": "1",
      "transaction.state.log.num.partitions": "4",
      "group.initial.rebalance.delay.ms": "0",
    };
  }

  /** Where it listens, or by that name. */
  private certificateDoor(host: string): string[] {
    const { clientCertificates } = this.props;
    return clientCertificates ? [`CERTIFICATES://${host}:${clientCertificates.port}`] : [];
  }

  private administratorProperties(): Record<string, string> {
    const { host, port } = this.props;
    return {
      "bootstrap.servers": `${host}:${port}`,
      "security.protocol": "SASL_SSL",
      "sasl.mechanism": "SCRAM-SHA-512",
      "sasl.jaas.config": scramLogin(ADMINISTRATOR, this.passwords.administrator),
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": `${HOME}/etc/authority.pem`,
      "default.api.timeout.ms": "15000",
      "request.timeout.ms": "10000",
    };
  }
}

const BY_CERTIFICATE = {
  "listener.name.certificates.ssl.client.auth": "required",
  "listener.name.certificates.ssl.truststore.type": "PEM",
  "listener.name.certificates.ssl.truststore.location": CLIENT_AUTHORITY,
};

/** How a client of Kafka says who it is. */
export function scramLogin(user: string, password: string): string {
  return `${SCRAM} required username="${user}" password="${password}";`;
}

const LOG_SETTINGS = `log4j.rootLogger=WARN, console
log4j.logger.kafka.authorizer.logger=INFO
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%p %c %m%n
`;

const UNIT_FILE = `[Unit]
Description=Apache Kafka

[Service]
User=${USER}
ExecStart=${HOME}/java/bin/java -Xmx512m -Dlog4j.configuration=file:${HOME}/etc/log4j.properties -cp ${HOME}/lib/* kafka.Kafka ${HOME}/etc/server.properties
SuccessExitStatus=143

[Install]
WantedBy=multi-user.target
`;
