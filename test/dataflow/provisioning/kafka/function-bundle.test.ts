import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TopicRequest } from "../../../../lib/dataflow/provisioning/kafka/topics-request";
import { callFunction, ROLE, ROOT, unpackedFunction } from "../bundled-function";
import { LoopbackKafka, NEEDED } from "./loopback-kafka";

const NAME = "kafka-provisioner";
const START_MILLIS = 600_000;
/** What every deploy with a new release uploads. */
const MOST_BYTES = 200 << 10;
const TOPICS: readonly TopicRequest[] = [
  { name: "enriched", partitions: 2, replicas: 1, configuration: { "retention.ms": "86400000" }, allowDataLoss: false },
  { name: "totals", partitions: 1, replicas: 1, configuration: {}, allowDataLoss: false },
];

let folder: string;
let program: string;
let kafka: LoopbackKafka;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "functions-"));
  program = await unpackedFunction(folder, NAME);
  kafka = await LoopbackKafka.start();
}, START_MILLIS);
afterAll(async () => {
  await kafka?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function call(topics: readonly TopicRequest[], ordered = topics): Promise<unknown> {
  const requestOf = (asked: readonly TopicRequest[]) => ({
    ...{ region: "eu-west-1", bootstrapServers: kafka.bootstrapServersForTokens, topics: asked },
  });
  // Certificates of Amazon MSK are of an authority that Node.js knows by itself.
  return callFunction(program, requestOf(topics), { NODE_EXTRA_CA_CERTS: kafka.authorityFile }, requestOf(ordered));
}

test("is small, and knows no path of this machine", () => {
  expect(statSync(join(folder, `${NAME}.zip`)).size).toBeLessThan(MOST_BYTES);
  expect(readFileSync(program, "utf8")).not.toContain(ROOT);
});

test(
  "as Lambda calls it, it comes in by its role's token, and what that may do is enough",
  async () => {
    await kafka.allow(
      ROLE.AWS_ACCESS_KEY_ID,
      TOPICS.map(({ name }) => name),
      NEEDED,
    );
    expect(await call(TOPICS)).toEqual({ made: ["topic enriched", "topic totals"], there: [], closed: [] });
    const [enriched, totals] = TOPICS;
    const more = { ...enriched, partitions: 3, configuration: { "retention.ms": "172800000" } };
    expect(await call([more, totals])).toEqual({
      made: ["partitions of enriched: 3", "retention.ms of enriched: 172800000"],
      there: ["topic enriched", "topic totals"],
      closed: [],
    });
    const message = "the topic enriched has 3 partitions, and none can be taken away: set partitions to 3";
    expect(await call(TOPICS)).toEqual({
      ...{ name: "ProvisioningProblem", message },
      stack: `ProvisioningProblem: ${message}`,
    });
  },
  START_MILLIS,
);

test("what the deploy did not order is not made", async () => {
  const asked = TOPICS.map((topic) => ({ ...topic, name: `${topic.name}-2` }));
  expect(await call(asked, TOPICS)).toMatchObject({
    message: expect.stringMatching(/^this is not what the deploy ordered: /) as string,
  });
  const names = await kafka.asClient((admin) => admin.listTopics());
  expect(names.filter((name) => name.endsWith("-2"))).toEqual([]);
});
