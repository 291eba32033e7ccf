import { CheckpointBucket, FlinkNetwork, OpenSearchAuthentication, OpenSearchCluster } from "../../lib";
import { cluster } from "../cluster/support";
import { decide } from "../lab/judge/evaluate";
import { Bench, Who } from "./bench";
import { ACCOUNT, policiesOf, REGION } from "./synthesized-account";

/**
 * Amazon OpenSearch Service asks IAM about each request by its method and its path (Developer Guide, "Identity and Access
 * Management"). No other OpenSearch does: what it would be told is asked here of the policies themselves.
 */
const DOMAIN = `arn:aws:es:${REGION}:${ACCOUNT}:domain/search`;

const policies = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const flink = cluster(stack, { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") });
  const search = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "search", {
    host: `vpc-search-abc123.${REGION}.es.amazonaws.com`,
    securityGroupId: "sg-0123456789abcdef0",
    authentication: OpenSearchAuthentication.iam({ domainArn: DOMAIN }),
  });
  flink.writeTo(search.indices("orders-*", "clicks"));
});
const bench = new Bench(policies);

async function mayDo(who: Who, method: string, path: string, domain = DOMAIN): Promise<boolean> {
  const role = policies.roles.find(({ name }) => name === bench.roleNamed(who))!;
  const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/node-1`;
  const question = { action: `es:ESHttp${method}`, resource: `${domain}/${path}`, context: {} };
  const way = { from: "10.40.0.10", tls: true };
  const { allowed, layer } = await decide({ kind: "role session", sessionArn }, role, way, question, policies);
  // A judge that does not know the action would refuse everything.
  if (layer === "judge") throw new Error(`${method} of ${path} cannot be judged`);
  return allowed;
}

test.each(["orders-2026.11.29/_bulk", "orders-/_bulk", "clicks/_bulk"])(
  "a job may send documents to %s",
  async (path) => {
    expect(await mayDo("job", "Post", path)).toBe(true);
  },
);

/** A wildcard of IAM stands for slashes too: of documents called `_bulk` in indices that jobs may write, IAM refuses nothing. */
test.each(["_doc", "_update", "_explain", "_termvectors"])("IAM takes orders-1/%s/_bulk for a bulk", async (path) => {
  expect(await mayDo("job", "Post", `orders-1/${path}/_bulk`)).toBe(true);
  expect(await mayDo("job", "Post", `orders-1/${path}/other`)).toBe(false);
});

const FORBIDDEN: readonly (readonly [what: string, method: string, path: string])[] = [
  ["send documents without naming an index", "Post", "_bulk"],
  ["send documents to another index", "Post", "salaries/_bulk"],
  ["send documents to an index whose name begins alike", "Post", "clicks2/_bulk"],
  ["send documents to an index whose name ends alike", "Post", "old-orders-x/_bulk"],
  ["search an index that it writes", "Get", "clicks/_search"],
  ["search it by another method", "Post", "clicks/_search"],
  ["read a document", "Get", "clicks/_doc/1"],
  ["put a document by itself", "Put", "clicks/_doc/1"],
  ["update a document by itself", "Post", "clicks/_update/1"],
  ["delete a document by itself", "Delete", "clicks/_doc/1"],
  ["delete by query", "Post", "clicks/_delete_by_query"],
  ["update by query", "Post", "clicks/_update_by_query"],
  ["copy into another index", "Post", "_reindex"],
  ["delete an index", "Delete", "clicks"],
  ["create an index", "Put", "clicks"],
  ["close an index", "Post", "clicks/_close"],
  ["change a mapping", "Put", "clicks/_mapping"],
  ["change settings", "Put", "clicks/_settings"],
  ["name an alias", "Post", "_aliases"],
  ["make a template", "Put", "_index_template/x"],
  ["change roles", "Put", "_plugins/_security/api/roles/x"],
  ["change settings of the cluster", "Put", "_cluster/settings"],
  ["make a snapshot", "Put", "_snapshot/x/y"],
  ["look at all indices", "Get", "_cat/indices"],
];
test.each(FORBIDDEN)("a job may not %s", async (_, method, path) => {
  expect(await mayDo("job", method, path)).toBe(false);
});

// A `*` of IAM stands for slashes as well: what ends in `/_bulk` is a document of that name, in an index of the pattern.
// Plain names open none of it. docs/opensearch.md says what it means.
const NAMED_BULK = ["_doc", "_create", "_update", "_explain", "_termvectors"];
test.each(NAMED_BULK)("a job that writes orders-* may call %s of the document _bulk in one of these", async (api) => {
  expect(await mayDo("job", "Post", `orders-x/${api}/_bulk`)).toBe(true);
});
test.each(NAMED_BULK)("a job that writes clicks may not call %s of the document _bulk", async (api) => {
  expect(await mayDo("job", "Post", `clicks/${api}/_bulk`)).toBe(false);
});

test("a job may not send documents to another domain, nor may a machine send any", async () => {
  expect(await mayDo("job", "Post", "clicks/_bulk", DOMAIN.replace("search", "payments"))).toBe(false);
  expect(await mayDo("machine", "Post", "clicks/_bulk")).toBe(false);
});
