import type { AttemptOutcome } from "../job-is-not-machine";
import type { ProgramAnswer } from "../others/java-program";
import { KafkaClient } from "./kafka-client";
import { OTHER_TOPIC, SOURCE } from "./kafka-stacks";

const NOT_THIS_TOPIC = /^TopicAuthorizationException$/;
const NOT_THIS_GROUP = /^GroupAuthorizationException$/;
const NOT_THE_CLUSTER = /^ClusterAuthorizationException$/;

/** Something that the user of a connection must not be able to do, with the name of the broker's refusal. */
interface KafkaAttempt {
  readonly name: string;
  readonly command: string;
  readonly refusedBy: RegExp;
}

/** What one of jobs' users may do, and what not. */
export interface KafkaUser {
  readonly name: string;
  /** Must work, and give something else than `0`, or the attempts prove nothing. */
  readonly may: string;
  readonly mayNot: readonly KafkaAttempt[];
}

export const READER: KafkaUser = {
  name: "reader",
  may: `consume ${SOURCE} lab.attempt`,
  mayNot: [
    { name: "write the topic that it may read", command: `produce ${SOURCE} 1 1`, refusedBy: NOT_THIS_TOPIC },
    { name: "read another topic", command: `consume ${OTHER_TOPIC} lab.attempt`, refusedBy: NOT_THIS_TOPIC },
    { name: "write another topic", command: `produce ${OTHER_TOPIC} 1 1`, refusedBy: NOT_THIS_TOPIC },
    { name: "read as a group of others", command: `consume ${SOURCE} others`, refusedBy: NOT_THIS_GROUP },
    { name: "make a topic", command: "create-topic lab-attempt 1", refusedBy: NOT_THIS_TOPIC },
    { name: "delete the topic", command: `delete-topic ${SOURCE}`, refusedBy: NOT_THIS_TOPIC },
    { name: "change the topic's settings", command: `alter-topic ${SOURCE}`, refusedBy: NOT_THIS_TOPIC },
    {
      ...{ name: "allow itself to write the topic", refusedBy: NOT_THE_CLUSTER },
      command: `allow reader WRITE TOPIC LITERAL ${SOURCE}`,
    },
    {
      ...{ name: "give the administrator another password", refusedBy: NOT_THE_CLUSTER },
      command: "set-password administrator attempt",
    },
  ],
};

/** @param topic that it may write */
export function writerOf(topic: string): KafkaUser {
  return {
    name: "writer",
    may: "nodes",
    mayNot: [
      { name: "read the topic that it may write", command: `consume ${topic} lab.attempt`, refusedBy: NOT_THIS_GROUP },
      { name: "list the rows of it", command: `rows ${topic}`, refusedBy: NOT_THIS_TOPIC },
      { name: "write another topic", command: `produce ${OTHER_TOPIC} 1 1`, refusedBy: NOT_THIS_TOPIC },
      { name: "delete the topic", command: `delete-topic ${topic}`, refusedBy: NOT_THIS_TOPIC },
    ],
  };
}

/** Tries all that a user must not be able to do, as that user. */
export async function tryOnKafka(
  client: KafkaClient,
  { name: user, may, mayNot }: KafkaUser,
): Promise<AttemptOutcome[]> {
  const [done, ...answers] = await client.tell(may, ...mayNot.map(({ command }) => command));
  if (done.error !== undefined || done.said === "0") {
    throw new Error(`${may}, as the ${user}: must work, but: ${done.error ?? "nothing was there"} ${done.said}`);
  }
  return mayNot.map(({ name, refusedBy }, index) => outcomeOf(`as the ${user}: ${name}`, answers[index], refusedBy));
}

/** Tries to come in with something that brokers do not take, such as a password that is no longer good. */
export async function tryToComeIn(attempt: string, client: KafkaClient, refusedBy: RegExp): Promise<AttemptOutcome> {
  const [answer] = await client.tell("nodes");
  return outcomeOf(attempt, answer, refusedBy);
}

export const NOT_THIS_PASSWORD = /^SaslAuthenticationException$/;
export const NOT_THIS_CERTIFICATE = /^SslAuthenticationException$/;

function outcomeOf(attempt: string, { error, said }: ProgramAnswer, refusedBy: RegExp): AttemptOutcome {
  const isRefused = error !== undefined && refusedBy.test(error);
  const text = `${error ?? ""} ${said}`.trim().slice(0, 300);
  return { attempt, layer: "Kafka", outcome: isRefused ? "refused" : "done", said: text };
}
