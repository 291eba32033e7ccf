import type { CommandResult } from "../../lab/command";
import { JavaHost, parseAnswers } from "../others/java-program";
import { propertiesFile } from "../others/properties-file";
import { NOT_THIS_PASSWORD, READER, tryOnKafka, tryToComeIn } from "./kafka-attempts";
import { KafkaClient } from "./kafka-client";
import { KafkaConnectionFile, topicJobSql } from "./topic-job";

function clientThatSays(stdout: string): KafkaClient {
  const host: JavaHost = {
    name: "node-1",
    exec: (): Promise<CommandResult> => Promise.resolve({ code: 0, stdout, stderr: "log" }),
  };
  return new KafkaClient({ host, java: "java", classPath: [] }, "x.properties");
}

const done = (said: string) => `answer: done ${said}\n`;
const failed = (error: string, said = "no") => `answer: failed ${error} ${said}\n`;

test("answers are found among what libraries print", () => {
  expect(
    parseAnswers(`WARN x\n${done("3")}ERROR answer: done\n${failed("AnError", "not you")}${failed("Other", "")}`),
  ).toEqual([{ said: "3" }, { error: "AnError", said: "not you" }, { error: "Other", said: "" }]);
});

test("a command without an answer is a failure, and so is one that was refused and must not be", async () => {
  await expect(clientThatSays("").tell("nodes")).rejects.toThrow("node-1 answered 0 of 1 commands");
  expect(await clientThatSays(done("1") + done("2")).run("nodes", "nodes")).toBe("2");
  const refused = clientThatSays(done("1") + failed("AnError"));
  await expect(refused.run("nodes", "set-password reader secret")).rejects.toThrow(/^set-password failed: AnError no$/);
});

describe("attempts", () => {
  const topic = "TopicAuthorizationException";
  const cluster = "ClusterAuthorizationException";
  const refusals = [topic, topic, topic, "GroupAuthorizationException", topic, topic, topic, cluster, cluster];
  const said = (errors: readonly string[]) => errors.map((error) => failed(error)).join("");

  test("are refused by the broker's own words alone", async () => {
    const outcomes = await tryOnKafka(clientThatSays(done("7") + said(refusals)), READER);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(refusals.map(() => "refused"));
    const others = await tryOnKafka(clientThatSays(done("7") + said(refusals.map(() => "TimeoutException"))), READER);
    expect(others.map(({ outcome }) => outcome)).toEqual(refusals.map(() => "done"));
  });

  test("prove nothing where the user cannot read at all", async () => {
    for (const read of [done("0"), failed(topic)]) {
      await expect(tryOnKafka(clientThatSays(read + said(refusals)), READER)).rejects.toThrow("must work");
    }
  });

  test("with an old password are refused by who checks passwords", async () => {
    const outcomeOf = async (said: string) =>
      (await tryToComeIn("come in", clientThatSays(said), NOT_THIS_PASSWORD)).outcome;
    expect(await outcomeOf(failed("SaslAuthenticationException"))).toBe("refused");
    expect(await outcomeOf(failed("TimeoutException"))).toBe("done");
    expect(await outcomeOf(done("1"))).toBe("done");
  });
});

test("values go into properties and SQL as they are", () => {
  expect(propertiesFile({ a: 'x\\"y', b: "${file:/x:y}" })).toBe('a=x\\\\"y\nb=${file:/x:y}\n');
  const connection = (read: string[], write: string[]): KafkaConnectionFile => ({
    ...{ kind: "kafka", topics: { read, write }, properties: { "x.y": "it's" } },
    ...{ consumerGroupPrefix: "lab.", transactionalIdPrefix: "lab." },
  });
  const sql = topicJobSql({
    ...{ source: connection(["orders"], []), sink: connection([], ["results"]) },
    ...{ bucket: "b", prefix: "out", parallelism: 2, checkpointIntervalSeconds: 5 },
  });
  expect(sql.match(/'properties\.x\.y'='it''s'/g)).toHaveLength(2);
  expect(sql).toContain("'properties.group.id'='lab.orders'");
  expect(sql).toContain("'sink.transactional-id-prefix'='lab.results'");
});
