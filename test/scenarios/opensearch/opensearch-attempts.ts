import type { AttemptOutcome } from "../job-is-not-machine";
import { NUMBERS } from "./documents";
import { OpenSearchAnswer, OpenSearchClient, OpenSearchRequest, sayingOf } from "./opensearch-client";
import { MORE_INDICES } from "./opensearch-stacks";
import { OTHER_INDEX } from "./others-opensearch";
import { SECURITY_API } from "./writer-role";

/** Something that the user of a connection must not be able to do. */
interface OpenSearchAttempt extends OpenSearchRequest {
  readonly name: string;
  /** What the refusal says, status first; by default that a role does not allow it. */
  readonly refusedBy?: RegExp;
}

/** An index that jobs may write, which the job of the test does not. */
export const SPARE_INDEX = "orders-spare";
const DOCUMENT = { n: 1, kind: "odd" };
const NO_PERMISSION = /^403 .*no permissions for \[/;
/** Of the API of the security plugin itself. */
const NOT_AN_ADMINISTRATOR = /^403 /;

/** What the jobs' user may do, by the same program, or what it may not proves nothing: write and delete documents. */
const MAY: readonly OpenSearchRequest[] = [
  { method: "POST", path: `/${SPARE_INDEX}/_bulk`, body: [{ index: { _id: "1" } }, DOCUMENT] },
  { method: "POST", path: `/${SPARE_INDEX}/_bulk`, body: [{ delete: { _id: "1" } }] },
];

const MAY_NOT: readonly OpenSearchAttempt[] = [
  { name: "search what it may write", method: "POST", path: `/${NUMBERS}/_search`, body: { size: 1 } },
  { name: "read a document of it", method: "GET", path: `/${NUMBERS}/_doc/1` },
  { name: "count its documents", method: "GET", path: `/${NUMBERS}/_count` },
  {
    ...{ name: "read a document by changing it", method: "POST", path: `/${NUMBERS}/_update/1?_source=true` },
    body: { doc: {}, detect_noop: true },
  },
  {
    ...{ name: "delete all that a search finds", method: "POST", path: `/${NUMBERS}/_delete_by_query` },
    body: { query: { match_all: {} } },
  },
  { name: "write anew all that is there", method: "POST", path: `/${NUMBERS}/_update_by_query`, body: {} },
  {
    ...{ name: "copy another index into one that it may write", method: "POST", path: "/_reindex" },
    body: { source: { index: OTHER_INDEX }, dest: { index: SPARE_INDEX } },
  },
  { name: "search another index", method: "POST", path: `/${OTHER_INDEX}/_search`, body: {} },
  { name: "search all indices", method: "POST", path: "/_search", body: {} },
  { name: "write another index", method: "PUT", path: `/${OTHER_INDEX}/_doc/2`, body: DOCUMENT },
  {
    ...{ name: "write another index in a bulk", method: "POST", path: `/${OTHER_INDEX}/_bulk` },
    // A bulk as such is allowed: its lines are refused one by one.
    ...{ body: [{ index: { _id: "2" } }, DOCUMENT], refusedBy: /^200 .*"status":403.*no permissions for \[/ },
  },
  {
    ...{ name: "name another index in a line of a bulk", method: "POST", path: `/${NUMBERS}/_bulk` },
    ...{ body: [{ index: { _index: OTHER_INDEX, _id: "2" } }, DOCUMENT], refusedBy: /^400 .*explicit index/ },
  },
  { name: "delete the index", method: "DELETE", path: `/${NUMBERS}` },
  { name: "close the index", method: "POST", path: `/${NUMBERS}/_close` },
  { name: "make an index of another name", method: "PUT", path: `/${MORE_INDICES}` },
  {
    ...{ name: "add a field", method: "PUT", path: `/${NUMBERS}/_mapping` },
    body: { properties: { more: { type: "keyword" } } },
  },
  {
    ...{ name: "add a field by a document", method: "POST", path: `/${SPARE_INDEX}/_bulk` },
    ...{ body: [{ index: { _id: "2" } }, { more: 1 }], refusedBy: /^200 .*strict_dynamic_mapping_exception/ },
  },
  {
    ...{ name: "change the index's settings", method: "PUT", path: `/${NUMBERS}/_settings` },
    body: { index: { refresh_interval: "1h" } },
  },
  {
    ...{ name: "give another index a name that it may write", method: "POST", path: "/_aliases" },
    body: { actions: [{ add: { index: OTHER_INDEX, alias: "orders-alias" } }] },
  },
  {
    ...{ name: "change the template of indices", method: "PUT", path: "/_index_template/orders" },
    body: { index_patterns: ["orders-*"], template: {} },
  },
  {
    ...{ name: "put a pipeline before documents", method: "PUT", path: "/_ingest/pipeline/attempt" },
    body: { processors: [] },
  },
  { name: "list indices", method: "GET", path: "/_cat/indices" },
  { name: "read the cluster's state", method: "GET", path: "/_cluster/state" },
  {
    ...{ name: "change the cluster's settings", method: "PUT", path: "/_cluster/settings" },
    body: { persistent: { "action.auto_create_index": "false" } },
  },
  {
    ...{ name: "name a place for snapshots", method: "PUT", path: "/_snapshot/attempt" },
    body: { type: "fs", settings: { location: "/tmp/attempt" } },
  },
  { name: "list snapshots", method: "GET", path: "/_snapshot/_all" },
  {
    ...{ name: "list users", method: "GET", path: `${SECURITY_API}/internalusers` },
    refusedBy: NOT_AN_ADMINISTRATOR,
  },
  {
    ...{ name: "take a role", method: "PUT", path: `${SECURITY_API}/rolesmapping/all_access` },
    ...{ body: { users: ["writer"] }, refusedBy: NOT_AN_ADMINISTRATOR },
  },
  {
    ...{ name: "give itself another password", method: "PUT", path: `${SECURITY_API}/account` },
    ...{ body: { current_password: "x", password: "attempt-at-1-password" }, refusedBy: NOT_AN_ADMINISTRATOR },
  },
];

/** Tries all that the jobs' user must not be able to do, as that user. */
export async function tryOnOpenSearch(client: OpenSearchClient): Promise<AttemptOutcome[]> {
  const may = await client.ask(...MAY);
  may.forEach((answer, index) => {
    const isDone = answer.status === 200 && /"errors":false/.test(answer.body);
    if (!isDone) throw new Error(`${JSON.stringify(MAY[index])}, as the writer: must work, but: ${sayingOf(answer)}`);
  });
  const answers = await client.ask(...MAY_NOT);
  return MAY_NOT.map(({ name, refusedBy = NO_PERMISSION }, index) =>
    outcomeOf(`as the writer: ${name}`, answers[index], refusedBy),
  );
}

const ANY: OpenSearchRequest = { method: "POST", path: `/${SPARE_INDEX}/_bulk`, body: [{ delete: { _id: "1" } }] };

/** Tries to come in with a password that is no longer good, without one, and without TLS. */
export async function tryToComeIn(clients: {
  readonly withOldPassword: OpenSearchClient;
  readonly asNobody: OpenSearchClient;
  readonly withoutTls: OpenSearchClient;
}): Promise<AttemptOutcome[]> {
  const [old] = await clients.withOldPassword.ask(ANY);
  const [nobody] = await clients.asNobody.ask(ANY);
  const [plain] = await clients.withoutTls.ask(ANY);
  return [
    outcomeOf("come in with the password of before the rotation", old, /^401 /),
    outcomeOf("come in without a password", nobody, /^401 /),
    // It closes the connection: no answer of HTTP comes.
    outcomeOf("come in without TLS", plain, /^(?:IOException|EOFException|SocketException) /),
  ];
}

function outcomeOf(attempt: string, answer: OpenSearchAnswer, refusedBy: RegExp): AttemptOutcome {
  const said = sayingOf(answer);
  return {
    ...{ attempt, layer: "OpenSearch", outcome: refusedBy.test(`${said} `) ? "refused" : "done" },
    said: said.slice(0, 300),
  };
}
