import { isAsWanted } from "../../../lib/observability/log-indices/is-as-wanted";
import { prepareLogIndices } from "../../../lib/observability/log-indices/prepare-log-indices";
import { logIndexTemplate } from "../../../lib/observability/opensearch-objects/index-template";
import { logRetentionPolicy } from "../../../lib/observability/opensearch-objects/retention-policy";
import type { OpenSearch, OpenSearchAnswer, OpenSearchRequest } from "../../../lib/observability/opensearch/opensearch";

/**
 * Requests and answers are of OpenSearch 2.19.3 with Index State Management 2.19.3, which was built from its sources, as no
 * registry has it: this plays it back, but that the wildcards then were `logs-1*.*.*,logs-2*.*.*`.
 */
const PATTERNS = "logs-19*.*.*,logs-20*.*.*";
const TEMPLATE = "/_index_template/logs-lines";
const POLICY = "/_plugins/_ism/policies/logs-retention";
const LIST = `/_resolve/index/${PATTERNS}`;
const EXPLAIN = `/_plugins/_ism/explain/${PATTERNS}`;

const NO_TEMPLATE = {
  status: 404,
  body: {
    error: { type: "resource_not_found_exception", reason: "index template matching [logs-lines] not found" },
    status: 404,
  },
};
const NO_POLICY = {
  status: 404,
  body: { error: { type: "status_exception", reason: "Policy not found" }, status: 404 },
};
const DONE = { status: 200, body: { acknowledged: true } };
const NO_INDEX = { status: 200, body: { indices: [], aliases: [], data_streams: [] } };
const done = (body: object, status = 200): OpenSearchAnswer => ({ status, body });

/** As it comes back: numbers are texts, fields in another order. */
function storedTemplate(difference: object = {}): OpenSearchAnswer {
  const { template, ...rest } = logIndexTemplate("logs");
  const index = { codec: "best_compression", number_of_shards: "1" };
  const stored = { ...rest, template: { ...template, settings: { index } }, composed_of: [], ...difference };
  return done({ index_templates: [{ name: "logs-lines", index_template: stored }] });
}

/** As it comes back: with defaults, and with when it was written. */
function storedPolicy(days: number, difference: object = {}, sequenceNumber = 7): OpenSearchAnswer {
  const { policy } = logRetentionPolicy("logs", days);
  const [kept] = policy.states;
  const deleted = {
    name: "deleted",
    actions: [{ retry: { count: 3, backoff: "exponential", delay: "1m" }, delete: {} }],
    transitions: [],
  };
  const stored = {
    ...{ policy_id: "logs-retention", last_updated_time: 1795994070824, schema_version: 21, error_notification: null },
    ...{ ...policy, states: [kept, deleted] },
    ism_template: policy.ism_template.map((each) => ({ ...each, last_updated_time: 1795994070824 })),
    ...difference,
  };
  return done({ _id: "logs-retention", _version: 3, _seq_no: sequenceNumber, _primary_term: 1, policy: stored });
}

const written = (sequenceNumber: number, status = 200): OpenSearchAnswer =>
  done({ _id: "logs-retention", _version: 1, _primary_term: 1, _seq_no: sequenceNumber, policy: {} }, status);

function listed(...names: string[]): OpenSearchAnswer {
  return done({ indices: names.map((name) => ({ name, attributes: ["open"] })), aliases: [], data_streams: [] });
}

const unmanaged = { "index.plugins.index_state_management.policy_id": null, enabled: null };
const managedBy = (policyId: string, sequenceNumber?: number) => ({
  "index.plugins.index_state_management.policy_id": policyId,
  policy_id: policyId,
  ...(sequenceNumber === undefined ? {} : { policy_seq_no: sequenceNumber, policy_primary_term: 1 }),
  enabled: true,
});

/** Gives the answers of a list in its order, and fails where something else is asked. */
class Played implements OpenSearch {
  public readonly bodies: unknown[] = [];

  public constructor(private readonly script: (readonly [string, OpenSearchAnswer])[]) {}

  public async call({ method, path, body }: OpenSearchRequest): Promise<OpenSearchAnswer> {
    const [asked, answer] = this.script.shift() ?? ["nothing more", { status: 0, body: undefined }];
    expect(`${method} ${path}`).toBe(asked);
    if (body !== undefined) this.bodies.push(body);
    return answer;
  }

  public get left(): readonly string[] {
    return this.script.map(([asked]) => asked);
  }
}

async function prepare(script: (readonly [string, OpenSearchAnswer])[], retentionDays = 3) {
  const played = new Played(script);
  const prepared = await prepareLogIndices(played, { indexPrefix: "logs", retentionDays });
  expect(played.left).toEqual([]);
  return { prepared: prepared.map(({ name, outcome, note }) => [name, outcome, ...(note ? [note] : [])]), ...played };
}

test("an OpenSearch that knows nothing of it gets both", async () => {
  const { prepared, bodies } = await prepare([
    [`GET ${TEMPLATE}`, NO_TEMPLATE],
    [`PUT ${TEMPLATE}`, DONE],
    [`GET ${POLICY}`, NO_POLICY],
    // Without a revision the call makes one, and never changes one.
    [`PUT ${POLICY}`, written(0, 201)],
    [`GET ${LIST}`, NO_INDEX],
  ]);
  expect(prepared).toEqual([
    ["logs-lines", "made", "indices that are there keep the types that they have"],
    ["logs-retention", "made"],
  ]);
  expect(bodies).toEqual([logIndexTemplate("logs"), logRetentionPolicy("logs", 3)]);
});

test("what is as it shall be is not touched", async () => {
  const { prepared, bodies } = await prepare([
    [`GET ${TEMPLATE}`, storedTemplate()],
    [`GET ${POLICY}`, storedPolicy(3)],
    [`GET ${LIST}`, listed("logs-2026.11.29")],
    [`GET ${EXPLAIN}`, done({ "logs-2026.11.29": managedBy("logs-retention", 7), total_managed_indices: 1 })],
  ]);
  expect(prepared).toEqual([
    ["logs-lines", "as it was"],
    ["logs-retention", "as it was"],
  ]);
  expect(bodies).toEqual([]);
});

test("another number of days changes the policy that was looked at, and all indices that it keeps", async () => {
  const { prepared, bodies } = await prepare(
    [
      [`GET ${TEMPLATE}`, storedTemplate()],
      [`GET ${POLICY}`, storedPolicy(3)],
      [`PUT ${POLICY}?if_seq_no=7&if_primary_term=1`, written(8)],
      [`GET ${LIST}`, listed("logs-2026.11.28", "logs-2026.11.29")],
      [
        `GET ${EXPLAIN}`,
        done({
          "logs-2026.11.29": managedBy("logs-retention"),
          "logs-2026.11.28": managedBy("logs-retention", 7),
          total_managed_indices: 2,
        }),
      ],
      [
        "POST /_plugins/_ism/change_policy/logs-2026.11.29,logs-2026.11.28",
        done({ updated_indices: 2, failures: false, failed_indices: [] }),
      ],
    ],
    30,
  );
  expect(prepared).toEqual([
    ["logs-lines", "as it was"],
    ["logs-retention", "changed"],
    ["logs-2026.11.28", "changed"],
    ["logs-2026.11.29", "changed"],
  ]);
  expect(bodies).toEqual([logRetentionPolicy("logs", 30), { policy_id: "logs-retention" }]);
});

test("indices without a policy are added; a closed one and one of somebody else's policy are left alone", async () => {
  const { prepared } = await prepare([
    [`GET ${TEMPLATE}`, storedTemplate()],
    [`GET ${POLICY}`, storedPolicy(3)],
    [`GET ${LIST}`, listed("logs-2026.11.20", "logs-2026.11.21", "logs-2026.11.22")],
    [
      `GET ${EXPLAIN}`,
      done({
        "logs-2026.11.22": unmanaged,
        "logs-2026.11.21": managedBy("theirs", 22),
        "logs-2026.11.20": unmanaged,
        // What the wildcards take in beside them is none of ours.
        "logs-2048-game-2026.11.20": unmanaged,
        total_managed_indices: 1,
      }),
    ],
    [
      "POST /_plugins/_ism/add/logs-2026.11.22,logs-2026.11.20",
      done({
        updated_indices: 1,
        failures: true,
        failed_indices: [{ index_name: "logs-2026.11.22", index_uuid: "u", reason: "This index is closed" }],
      }),
    ],
  ]);
  expect(prepared.slice(2)).toEqual([
    ["logs-2026.11.20", "changed"],
    ["logs-2026.11.21", "left alone", "the policy theirs keeps it"],
    ["logs-2026.11.22", "left alone", "This index is closed"],
  ]);
});

test("names of very many indices come in paths that OpenSearch takes", async () => {
  const names = Array.from({ length: 365 }, (_, day) => {
    const date = new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);
    return `logs-${date.replaceAll("-", ".")}`;
  });
  const paths: string[] = [];
  const opensearch: OpenSearch = {
    call: async ({ method, path }) => {
      if (method === "POST") paths.push(path);
      if (path.startsWith("/_index_template")) return storedTemplate();
      if (path.startsWith("/_plugins/_ism/policies")) return storedPolicy(3);
      if (path.startsWith("/_resolve")) return listed(...names);
      if (path.startsWith("/_plugins/_ism/explain"))
        return done(Object.fromEntries(names.map((each) => [each, unmanaged])));
      return done({ updated_indices: 1, failures: false, failed_indices: [] });
    },
  };
  const prepared = await prepareLogIndices(opensearch, { indexPrefix: "logs", retentionDays: 3 });
  expect(prepared.slice(2).map(({ name }) => name)).toEqual(names);
  expect(paths.flatMap((path) => path.split("/").at(-1)!.split(",")).sort()).toEqual(names);
  expect(Math.max(...paths.map((path) => path.length))).toBeLessThan(4000);
});

test("a policy that changes between the look and the change is looked at again", async () => {
  const conflict = done({ error: { type: "version_conflict_engine_exception", reason: "conflict" }, status: 409 }, 409);
  const { prepared } = await prepare([
    [`GET ${TEMPLATE}`, storedTemplate()],
    [`GET ${POLICY}`, storedPolicy(5)],
    [`PUT ${POLICY}?if_seq_no=7&if_primary_term=1`, conflict],
    [`GET ${POLICY}`, storedPolicy(4, {}, 8)],
    [`PUT ${POLICY}?if_seq_no=8&if_primary_term=1`, written(9)],
    [`GET ${LIST}`, NO_INDEX],
  ]);
  expect(prepared[1]).toEqual(["logs-retention", "changed"]);
});

describe("what is somebody else's is not changed", () => {
  test.each([
    ["a template that does not say whose it is", { _meta: undefined }],
    ["one of another program", { _meta: { managed_by: "logstash" } }],
  ])("%s", async (_, difference) => {
    await expect(prepare([[`GET ${TEMPLATE}`, storedTemplate(difference)]])).rejects.toThrow(
      "the index template logs-lines is somebody else's, as its _meta.managed_by is not cdktf-flink: choose another index prefix, or delete it",
    );
  });

  test("a policy", async () => {
    const script: [string, OpenSearchAnswer][] = [
      [`GET ${TEMPLATE}`, storedTemplate()],
      [`GET ${POLICY}`, storedPolicy(3, { description: "keeps logs" })],
    ];
    await expect(prepare(script)).rejects.toThrow(
      "the policy logs-retention is somebody else's, as its description says: choose another index prefix, or delete it",
    );
  });
});

test.each([
  [
    "OpenSearch has no Index State Management",
    {
      status: 400,
      body: { error: "no handler found for uri [/_plugins/_ism/policies/logs-retention] and method [GET]" },
    },
    "this OpenSearch has no Index State Management, which deletes old indices: install its plugin opensearch-index-management, or delete them by other means",
  ],
  [
    "something else answers",
    { status: 404, body: undefined },
    "reading the retention policy logs-retention failed: OpenSearch answered 404",
  ],
  [
    "it is not allowed",
    {
      status: 403,
      body: {
        error: { reason: "no permissions for [cluster:admin/opendistro/ism/policy/get] and User [name=reader]" },
      },
    },
    "reading the retention policy logs-retention is not allowed (no permissions for [cluster:admin/opendistro/ism/policy/get] and User [name=reader]): log in as somebody who may do it",
  ],
])("where %s, one sentence says so", async (_, answer, sentence) => {
  const script: [string, OpenSearchAnswer][] = [
    [`GET ${TEMPLATE}`, storedTemplate()],
    [`GET ${POLICY}`, answer],
  ];
  await expect(prepare(script)).rejects.toThrow(sentence);
});

test.each([
  [{ indexPrefix: "Logs", retentionDays: 3 }, /^indexPrefix is "Logs"/],
  [{ indexPrefix: "logs", retentionDays: 0 }, /^retentionDays is 0, but must be a whole number from 1 to 10000 days/],
])("bad input is refused before anything is asked", async (indices, sentence) => {
  await expect(prepareLogIndices(new Played([]), indices)).rejects.toThrow(sentence);
});

test("a difference in what was asked for is seen, and what OpenSearch adds is none", () => {
  const wanted = { a: 1, list: ["x"], nested: { b: true } };
  expect(isAsWanted({ a: "1", list: "x", nested: { b: "true", more: 1 }, more: [] }, wanted)).toBe(true);
  for (const actual of [
    { a: "2", list: ["x"], nested: { b: true } },
    { a: 1, list: ["x", "y"], nested: { b: true } },
    { a: 1, list: [], nested: { b: true } },
    { a: 1, list: ["x"], nested: {} },
    { a: 1, list: ["x"] },
    undefined,
    null,
    "text",
  ]) {
    expect(isAsWanted(actual, wanted)).toBe(false);
  }
});
