import { DomainApi } from "../../../../lib/dataflow/provisioning/opensearch/domain-api";
import type { PolicyRequest } from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { provideDomain } from "../../../../lib/dataflow/provisioning/opensearch/provide-domain";
import { logRetentionPolicy } from "../../../../lib/observability/opensearch-objects/retention-policy";
import { domainRequest } from "./domain-orders";
import { IsmServer } from "./ism-server";
import { ADMINISTRATOR, signerAs } from "./loopback-opensearch";

const NAME = "logs-retention";
const PATH = `/_plugins/_ism/policies/${NAME}`;
const TODAY = "logs-2026.11.29";
const YESTERDAY = "logs-2026.11.28";

let ism: IsmServer;
beforeEach(async () => {
  ism = await IsmServer.start();
});
afterEach(() => ism.stop());

const policy = (days: number): PolicyRequest => ({ name: NAME, body: logRetentionPolicy("logs", days) });
const provide = (...policies: PolicyRequest[]) =>
  provideDomain(
    new DomainApi(ism.url, signerAs(ADMINISTRATOR), { tries: 1, pauseMillis: 0 }),
    domainRequest(ism.url, { policies }),
  );

test("a policy is made, and takes on indices that are there and have none", async () => {
  ism.indices.set(TODAY, {}).set(YESTERDAY, { policyId: "theirs", version: 5 }).set("orders-2026.11.29", {});
  expect(await provide(policy(3))).toEqual({ made: [`index policy ${NAME}`], there: [], closed: [] });
  expect(ism.changes).toEqual([`PUT ${PATH}`, `POST /_plugins/_ism/add/${TODAY}`]);
  expect(ism.policies.get(NAME)!.body).toEqual({
    policy: {
      ...policy(3).body.policy,
      description: expect.stringMatching(
        /^cdktf-flink: keeps each line of logs-… for 3 days \([0-9a-f]{16}\)$/,
      ) as string,
    },
  });
});

test("again, nothing is written", async () => {
  ism.indices.set(TODAY, {});
  await provide(policy(3));
  ism.changes.length = 0;
  expect(await provide(policy(3))).toEqual({ made: [], there: [`index policy ${NAME}`], closed: [] });
  expect(ism.changes).toEqual([]);
});

test("another retention changes the policy that was read, and the indices that have it, and not those of others", async () => {
  ism.indices.set(TODAY, {});
  await provide(policy(3));
  ism.indices.set(YESTERDAY, { policyId: "theirs", version: 5 });
  ism.changes.length = 0;
  expect(await provide(policy(30))).toMatchObject({ made: [`index policy ${NAME}`] });
  expect(ism.changes).toEqual([
    `PUT ${PATH}?if_seq_no=1&if_primary_term=1`,
    `POST /_plugins/_ism/change_policy/${TODAY}`,
  ]);
  expect(ism.indices.get(TODAY)).toEqual({ policyId: NAME, version: 2 });
  expect(ism.indices.get(YESTERDAY)).toEqual({ policyId: "theirs", version: 5 });
});

test("another retention before there is an index changes the policy alone", async () => {
  await provide(policy(3));
  ism.changes.length = 0;
  expect(await provide(policy(30))).toMatchObject({ made: [`index policy ${NAME}`] });
  expect(ism.changes).toEqual([`PUT ${PATH}?if_seq_no=1&if_primary_term=1`]);
});

test("very many indices come in paths that OpenSearch takes", async () => {
  const days = Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString());
  for (const day of days) ism.indices.set(`logs-${day.slice(0, 10).replaceAll("-", ".")}`, {});
  await provide(policy(3));
  expect([...ism.indices.values()].filter(({ policyId }) => policyId !== NAME)).toEqual([]);
  expect(Math.max(...ism.changes.map((change) => change.length))).toBeLessThan(4000);
});

test.each([
  ["first policy", []],
  ["change", [3]],
])("where a deploy ended between its %s and the indices, the next one makes it good", async (_, before) => {
  for (const days of before) await provide(policy(days));
  ism.indices.set(TODAY, before.length > 0 ? { policyId: NAME, version: 1 } : {});
  ism.takesOn = false;
  await expect(provide(policy(30))).rejects.toThrow(
    /^the index policy logs-retention does not take on indices that are there: /,
  );
  ism.takesOn = true;
  expect(await provide(policy(30))).toMatchObject({ there: [`index policy ${NAME}`] });
  expect(ism.indices.get(TODAY)).toEqual({ policyId: NAME, version: before.length + 1 });
});

test("where another deploy is faster, what it wrote is read and changed", async () => {
  await provide(policy(3));
  const [written] = ism.policies.values();
  ism.beforeWrite = () => void ism.policies.set(NAME, { ...written, version: 7 });
  expect(await provide(policy(30))).toMatchObject({ made: [`index policy ${NAME}`] });
  expect(ism.changes).toContain(`PUT ${PATH}?if_seq_no=7&if_primary_term=1`);
});

test("one that others made is left to them", async () => {
  const theirs = { body: { policy: { description: "ours" } }, version: 1 };
  ism.policies.set(NAME, theirs);
  await expect(provide(policy(3))).rejects.toThrow(
    /^the index policy logs-retention is there in OpenSearch, and was not made by a deploy: /,
  );
  expect(ism.policies.get(NAME)).toBe(theirs);
  expect(ism.changes).toEqual([]);
});
