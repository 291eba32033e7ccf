import { DomainApi } from "../../../../lib/dataflow/provisioning/opensearch/domain-api";
import type { PolicyRequest } from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { provideDomain } from "../../../../lib/dataflow/provisioning/opensearch/provide-domain";
import { logRetentionPolicy } from "../../../../lib/observability/opensearch-objects/retention-policy";
import { domainRequest } from "./domain-orders";
import { IsmServer } from "./ism-server";
import { ADMINISTRATOR, signerAs } from "./loopback-opensearch";

const NAME = "logs-retention";
const PATH = `/_plugins/_ism/policies/${NAME}`;
const INDICES = "logs-19%2A.%2A.%2A%2Clogs-20%2A.%2A.%2A";
const ADD = `POST /_plugins/_ism/add/${INDICES}`;
const CHANGE = `POST /_plugins/_ism/change_policy/${INDICES}`;

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

test("a policy is made, and takes on indices that are there", async () => {
  expect(await provide(policy(3))).toEqual({ made: [`index policy ${NAME}`], there: [], closed: [] });
  expect(ism.changes).toEqual([`PUT ${PATH}`, ADD]);
  expect(ism.policies.get(NAME)!.body).toEqual({
    policy: {
      ...policy(3).body.policy,
      description: expect.stringMatching(
        /^cdktf-flink: keeps each line of logs-… for 3 days \([0-9a-f]{16}\)$/,
      ) as string,
    },
  });
});

test("again, the policy is not written, and indices keep to it that do not", async () => {
  await provide(policy(3));
  ism.changes.length = 0;
  expect(await provide(policy(3))).toEqual({ made: [], there: [`index policy ${NAME}`], closed: [] });
  expect(ism.changes).toEqual([ADD, CHANGE]);
});

test("where a deploy ended before indices were taken on, the next one does it", async () => {
  ism.refusedChange = ADD;
  await expect(provide(policy(3))).rejects.toThrow(
    /^the index policy logs-retention does not take on indices that are there: /,
  );
  ism.refusedChange = undefined;
  ism.changes.length = 0;
  await provide(policy(3));
  expect(ism.changes).toContain(ADD);
});

test("where it ended so after a change, indices that have the policy get the change by the next one", async () => {
  await provide(policy(3));
  ism.refusedChange = CHANGE;
  await expect(provide(policy(30))).rejects.toThrow(/does not take on indices/);
  ism.refusedChange = undefined;
  ism.changes.length = 0;
  await provide(policy(30));
  expect(ism.changes).toContain(CHANGE);
});

test("another retention changes the policy that was read, and the indices that have it", async () => {
  await provide(policy(3));
  ism.changes.length = 0;
  expect(await provide(policy(30))).toMatchObject({ made: [`index policy ${NAME}`] });
  expect(ism.changes).toEqual([`PUT ${PATH}?if_seq_no=1&if_primary_term=1`, ...[ADD, CHANGE]]);
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
