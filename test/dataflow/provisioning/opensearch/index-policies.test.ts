import { DomainApi } from "../../../../lib/dataflow/provisioning/opensearch/domain-api";
import type { PolicyRequest } from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { provideDomain } from "../../../../lib/dataflow/provisioning/opensearch/provide-domain";
import { logRetentionPolicy } from "../../../../lib/observability/opensearch-objects/retention-policy";
import { domainRequest } from "./domain-orders";
import { IsmServer } from "./ism-server";
import { ADMINISTRATOR, signerAs } from "./loopback-opensearch";

const NAME = "logs-retention";
const PATH = `/_plugins/_ism/policies/${NAME}`;
const INDICES = "logs-1%2A.%2A.%2A%2Clogs-2%2A.%2A.%2A";

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
  expect(ism.changes).toEqual([`PUT ${PATH}`, `POST /_plugins/_ism/add/${INDICES}`]);
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
  await provide(policy(3));
  ism.changes.length = 0;
  expect(await provide(policy(3))).toEqual({ made: [], there: [`index policy ${NAME}`], closed: [] });
  expect(ism.changes).toEqual([]);
});

test("another retention changes the policy that was read, and the indices that have it", async () => {
  await provide(policy(3));
  ism.changes.length = 0;
  expect(await provide(policy(30))).toMatchObject({ made: [`index policy ${NAME}`] });
  expect(ism.changes).toEqual([
    `PUT ${PATH}?if_seq_no=1&if_primary_term=1`,
    `POST /_plugins/_ism/change_policy/${INDICES}`,
  ]);
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
