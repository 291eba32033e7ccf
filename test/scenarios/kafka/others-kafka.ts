import { readFileSync } from "fs";
import type { Deployment } from "../deployment";
import { HOSTILE, newPassword } from "../others/passwords";
import { KafkaBroker } from "./kafka-broker";
import { ensureKafka } from "./kafka-software";
import { BROKER_NAME, KAFKA_HOST, KAFKA_PORT, OTHER_TOPIC, SECRETS, SINK, SOURCE } from "./kafka-stacks";

type User = keyof typeof SECRETS;

const MINUTE = 60_000;
const PARTITIONS = 4;
/** Names of groups and of transactions begin with the cluster's. */
const OF_CLUSTER = "PREFIXED lab.";

const ACLS = [
  `allow reader READ TOPIC LITERAL ${SOURCE}`,
  `allow reader DESCRIBE TOPIC LITERAL ${SOURCE}`,
  `allow reader READ GROUP ${OF_CLUSTER}`,
  `allow writer WRITE TOPIC LITERAL ${SINK}`,
  `allow writer DESCRIBE TOPIC LITERAL ${SINK}`,
  `allow writer WRITE TRANSACTIONAL_ID ${OF_CLUSTER}`,
  `allow writer DESCRIBE TRANSACTIONAL_ID ${OF_CLUSTER}`,
];

/** Kafka as somebody else keeps it, with users whose passwords are in AWS Secrets Manager. */
export class OthersKafka {
  /** The part of each password of jobs' users that is like no other text, the newest last. */
  public readonly passwords: Record<"reader" | "writer", string[]> = { reader: [], writer: [] };
  private broker?: KafkaBroker;

  public constructor(
    private readonly deployment: Deployment,
    private readonly flinkVersion: string,
  ) {}

  /** Gives every user a password, before there is a broker to know it. */
  public async storePasswords(): Promise<void> {
    this.makePasswords();
    await this.storeUsers();
    await this.store("other", newPassword());
  }

  /** Starts the broker, with its topics, and with users who may each do one thing with one of them. */
  public async start(): Promise<void> {
    const { lab } = this.deployment;
    const machine = lab.machine(BROKER_NAME);
    await lab.waitFor(() => machine.cloudInitResult(), {
      timeout: 3 * MINUTE,
      what: `${machine.name} to be configured`,
    });
    const [software, certificate] = await Promise.all([ensureKafka(), lab.certificateFor(KAFKA_HOST)]);
    const authority = readFileSync(lab.authorityFile, "utf8");
    const place = { machine, host: KAFKA_HOST, port: KAFKA_PORT };
    const { flinkVersion } = this;
    this.broker = await KafkaBroker.start({ ...place, certificate, authority, software, flinkVersion });
    const topics = [SOURCE, SINK, OTHER_TOPIC].map((topic) => `create-topic ${topic} ${PARTITIONS}`);
    await this.broker.administrator.run(...topics, ...ACLS, ...this.passwordCommands());
  }

  /** Writes rows with the numbers from the first to the last into the topic that jobs read. */
  public async produce(first: number, last: number): Promise<void> {
    await this.started().administrator.run(`produce ${SOURCE} ${first} ${last}`);
  }

  /** The numbers of all rows of a topic whose transactions are complete. */
  public async rows(topic: string): Promise<number[]> {
    const said = await this.started().administrator.run(`rows ${topic}`);
    return said.split(" ").filter(Boolean).map(Number);
  }

  /** Gives jobs' users other passwords; who is connected has to come in anew. */
  public async rotatePasswords(): Promise<void> {
    this.makePasswords();
    await this.started().administrator.run(...this.passwordCommands());
    await this.storeUsers();
    await this.started().restart();
  }

  /** Puts something into the reader's secret that is no user. */
  public breakSecret(): Promise<void> {
    return this.deployment.lab.aws().secretsManager.putValue(SECRETS.reader, "{}");
  }

  /** Puts the users back. */
  public async storeUsers(): Promise<void> {
    await this.store("reader", this.current("reader"));
    await this.store("writer", this.current("writer"));
  }

  /** Lines of the broker's log about what it refused. */
  public refusals(): Promise<string[]> {
    return this.started().refusals();
  }

  private makePasswords(): void {
    Object.values(this.passwords).forEach((passwords) => passwords.push(newPassword()));
  }

  private current(user: "reader" | "writer"): string {
    return `${HOSTILE}${this.passwords[user].at(-1)!}`;
  }

  private passwordCommands(): string[] {
    return (["reader", "writer"] as const).map((user) => `set-password ${user} ${this.current(user)}`);
  }

  /** As an operator with the account's own keys. */
  private store(username: User, password: string): Promise<void> {
    const { secretsManager } = this.deployment.lab.aws();
    return secretsManager.putValue(SECRETS[username], JSON.stringify({ username, password }));
  }

  private started(): KafkaBroker {
    if (!this.broker) throw new Error("the broker is not started");
    return this.broker;
  }
}
