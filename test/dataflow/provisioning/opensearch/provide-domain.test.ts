import { admitWriter, requireOrderedWriter } from "../../../../lib/dataflow/provisioning/opensearch/admit-writer";
import { DomainApi } from "../../../../lib/dataflow/provisioning/opensearch/domain-api";
import type { DomainRequest } from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { provideDomain } from "../../../../lib/dataflow/provisioning/opensearch/provide-domain";
import { domainRequest, jobsRole, ORDERS_ARN_PREFIX, template } from "./domain-orders";
import { ACCOUNT, ADMINISTRATOR, LoopbackOpenSearch, signerAs } from "./loopback-opensearch";

const START_MILLIS = 600_000;
const PATIENCE = { tries: 20, pauseMillis: 100 };
const ROLE = "flink-orders-jobs";
const SECURITY_API = "/_plugins/_security/api";
const JOBS = `${ORDERS_ARN_PREFIX}1`;
const NEXT_JOBS = `${ORDERS_ARN_PREFIX}2`;
const OTHERS = `arn:aws:iam::${ACCOUNT}:role/others`;

let server: LoopbackOpenSearch;
let api: DomainApi;

beforeAll(async () => {
  server = await LoopbackOpenSearch.start();
  api = new DomainApi(server.url, signerAs(ADMINISTRATOR), PATIENCE);
}, START_MILLIS);
afterAll(() => server?.stop());

const provide = (given: Partial<DomainRequest>) => provideDomain(api, domainRequest(server.url, given));
const admit = (writerArn: string, role = ROLE) => admitWriter(api, { role, writerArn });

test("a role for exactly these indices, given to one role of IAM, which may write them and nothing else", async () => {
  const order = { roles: [jobsRole(["orders-*"])], templates: [template("orders", "orders-*")] };
  expect(await provide(order)).toEqual({
    made: ["index template orders", "role flink-orders-jobs for orders-*"],
    ...{ there: [], closed: [] },
  });
  expect(await server.write(JOBS, "orders-1")).toEqual([403]);
  expect(await admit(JOBS)).toEqual({ made: [`role ${ROLE} of ${JOBS}`], there: [], closed: [] });
  expect(await server.write(JOBS, "orders-1")).toEqual([200, 201]);
  // Of an index that is another's, of a field that no template has, and of what the first document would have made.
  expect(await server.write(JOBS, "clicks")).toEqual([200, 403]);
  expect(await server.write(JOBS, "orders-1", { id: 1, name: "x" })).toEqual([200, 400]);
  for (const [method, path] of [
    ["GET", "/orders-1/_search"],
    ["GET", "/orders-1/_doc/1"],
    ["DELETE", "/orders-1"],
    ["PUT", "/orders-2"],
    ["GET", "/_index_template/orders"],
    ["GET", `${SECURITY_API}/roles`],
    ["PUT", `${SECURITY_API}/rolesmapping/all_access`],
  ] as const) {
    const { status } = await server.ask(JOBS, method, path, method === "PUT" && path.startsWith("/_") ? {} : undefined);
    // An index without a field is what a first document makes too.
    expect([method, path, status]).toEqual([method, path, path === "/orders-2" ? 200 : 403]);
  }
  expect(await server.write(OTHERS, "orders-1")).toEqual([403]);
});

test("again, it finds all there", async () => {
  const order = { roles: [jobsRole(["orders-*"])], templates: [template("orders", "orders-*")] };
  expect(await provide(order)).toEqual({
    there: ["index template orders", "role flink-orders-jobs for orders-*"],
    ...{ made: [], closed: [] },
  });
  expect(await admit(JOBS)).toEqual({ there: [`role ${ROLE} of ${JOBS}`], made: [], closed: [] });
});

test("what is asked for changes what is there, and indices that are no longer named are closed", async () => {
  const roles = [jobsRole(["clicks", "totals-*"], { mayAddFields: true })];
  const templates = [template("orders", "orders-*", { id: { type: "keyword" } })];
  expect(await provide({ roles, templates })).toMatchObject({
    made: ["index template orders", "role flink-orders-jobs for clicks, totals-*"],
    there: [],
  });
  expect(await server.write(JOBS, "orders-1")).toEqual([200, 403]);
  expect(await server.write(JOBS, "totals-1", { total: 1 })).toEqual([200, 201]);
  const { index_templates: found } = await server.tell("GET", "/_index_template/orders");
  expect(JSON.stringify(found)).toContain('"id":{"type":"keyword"}');
});

test("another role of IAM in place of the one that was let in closes that one", async () => {
  await provide({ roles: [jobsRole(["orders-*"])] });
  expect(await admit(NEXT_JOBS)).toEqual({
    made: [`role ${ROLE} of ${NEXT_JOBS}`],
    closed: [`role ${ROLE} of ${JOBS}`],
    there: [],
  });
  expect(await server.write(NEXT_JOBS, "orders-3")).toEqual([200, 201]);
  expect(await server.write(JOBS, "orders-3")).toEqual([403]);
});

test("who was let in by hand beside it, by a user's name or a host, is let in no longer", async () => {
  const path = `${SECURITY_API}/rolesmapping/${ROLE}`;
  const { [ROLE]: mapping } = await server.tell("GET", path);
  const { description, backend_roles } = mapping as { description: string; backend_roles: string[] };
  await server.tell("PUT", path, { description, backend_roles, users: [OTHERS], hosts: ["192.0.2.1"] });
  expect(await server.write(OTHERS, "orders-5")).toEqual([200, 201]);
  expect(await admit(NEXT_JOBS)).toEqual({
    made: [`role ${ROLE} of ${NEXT_JOBS}`],
    closed: [`role ${ROLE} of 192.0.2.1`, `role ${ROLE} of ${OTHERS}`],
    there: [],
  });
  expect(await server.write(OTHERS, "orders-5")).toEqual([403]);
  expect(await admit(NEXT_JOBS)).toMatchObject({ made: [], closed: [] });
});

test("two deploys at once, and several writers at once, give what one after the other gives", async () => {
  const names = ["a", "b", "c", "d"];
  const roles = names.map((name) =>
    jobsRole([`${name}-index`], {
      name: `flink-${name}-jobs`,
      writerArnPrefix: `arn:aws:iam::${ACCOUNT}:role/${name}-`,
    }),
  );
  const order = { roles, templates: [template("two", "two-*")] };
  const reports = await Promise.all([provide(order), provide(order)]);
  for (const name of names) {
    const line = `role flink-${name}-jobs for ${name}-index`;
    expect(reports.some(({ made }) => made.includes(line))).toBe(true);
  }
  await Promise.all(names.map((name) => admit(`arn:aws:iam::${ACCOUNT}:role/${name}-1`, `flink-${name}-jobs`)));
  for (const name of names) {
    expect(await server.write(`arn:aws:iam::${ACCOUNT}:role/${name}-1`, `${name}-index`)).toEqual([200, 403]);
    expect(await provide(order)).toMatchObject({ made: [], closed: [] });
  }
  // The role of the tests before was not named.
  const mappings = await server.tell("GET", `${SECURITY_API}/rolesmapping`);
  expect(
    Object.keys(mappings)
      .filter((name) => name.startsWith("flink-"))
      .sort(),
  ).toEqual(names.map((name) => `flink-${name}-jobs`));
});

test("a role that is named no longer is taken away, and itself stays", async () => {
  const order = { roles: [jobsRole(["orders-*"])] };
  await provide(order);
  await admit(JOBS);
  expect(await server.write(JOBS, "orders-4")).toEqual([200, 201]);
  const { closed } = await provide({ roles: [] });
  expect(closed).toContain(`role ${ROLE}`);
  expect(await server.write(JOBS, "orders-4")).toEqual([403]);
  expect(Object.keys(await server.tell("GET", `${SECURITY_API}/roles/${ROLE}`))).toEqual([ROLE]);
  expect(await provide({ roles: [] })).toEqual({ made: [], there: [], closed: [] });
});

describe("what others made", () => {
  beforeAll(async () => {
    const role = { cluster_permissions: ["cluster_monitor"] };
    await server.tell("PUT", `${SECURITY_API}/roles/flink-theirs-jobs`, role);
    await server.tell("PUT", `${SECURITY_API}/rolesmapping/flink-theirs-jobs`, { backend_roles: [OTHERS] });
    await server.tell("PUT", "/_index_template/theirs", { index_patterns: ["theirs-*"], priority: 7 });
  });

  test("is refused before anything is made", async () => {
    const theirs = jobsRole(["x"], { name: "flink-theirs-jobs" });
    await expect(provide({ roles: [jobsRole(["fresh-*"], { name: "flink-fresh-jobs" }), theirs] })).rejects.toThrow(
      /^the role flink-theirs-jobs is there in OpenSearch, and was not made by a deploy: [^.]+$/,
    );
    await expect(provide({ templates: [template("fresh", "fresh-*"), template("theirs", "x-*")] })).rejects.toThrow(
      /^the index template theirs is there in OpenSearch, and was not made by a deploy: [^.]+$/,
    );
    await expect(admit(JOBS, "flink-theirs-jobs")).rejects.toThrow(/was not made by a deploy/);
    await expect(admit(JOBS, "all_access")).rejects.toThrow(/^the role all_access is there/);
    expect((await server.ask(ADMINISTRATOR, "GET", `${SECURITY_API}/roles/flink-fresh-jobs`)).status).toBe(404);
    expect((await server.ask(ADMINISTRATOR, "GET", "/_index_template/fresh")).status).toBe(404);
  });

  test("is not closed", async () => {
    await provide({ roles: [] });
    const { "flink-theirs-jobs": mapping } = await server.tell("GET", `${SECURITY_API}/rolesmapping/flink-theirs-jobs`);
    expect(mapping).toMatchObject({ backend_roles: [OTHERS] });
  });

  test("is left to those to whom they gave a role of ours", async () => {
    await provide({ roles: [jobsRole(["orders-*"])] });
    await server.tell("PUT", `${SECURITY_API}/rolesmapping/${ROLE}`, { backend_roles: [OTHERS] });
    await expect(admit(JOBS)).rejects.toThrow(/^the mapping of the role flink-orders-jobs is there in OpenSearch/);
    await provide({ roles: [] });
    const { [ROLE]: mapping } = await server.tell("GET", `${SECURITY_API}/rolesmapping/${ROLE}`);
    expect(mapping).toMatchObject({ backend_roles: [OTHERS] });
  });
});

describe("a writer", () => {
  const order = domainRequest("", { roles: [jobsRole(["orders-*"])] });

  test("is of a role that was ordered, and of a name that it may have", () => {
    expect(() => requireOrderedWriter(order, { role: ROLE, writerArn: JOBS })).not.toThrow();
    expect(() => requireOrderedWriter(order, { role: "all_access", writerArn: JOBS })).toThrow(
      /^the role all_access is not among what the deploy ordered: apply the stack of the domain first$/,
    );
  });

  test.each([OTHERS, `${ORDERS_ARN_PREFIX}*`, `${ORDERS_ARN_PREFIX}/x`, `${ORDERS_ARN_PREFIX}1?`, `x${JOBS}`])(
    "is not %s",
    (writerArn) => {
      expect(() => requireOrderedWriter(order, { role: ROLE, writerArn })).toThrow(
        `the role ${ROLE} is for a role of IAM that begins with ${ORDERS_ARN_PREFIX}, and not ${writerArn}`,
      );
    },
  );
});

test("what OpenSearch refuses is told in its own words", async () => {
  const broken = template("broken", "broken-*", { id: { type: "no-such-type" } });
  await expect(provide({ templates: [broken] })).rejects.toThrow(
    /^the index template broken cannot be made: OpenSearch says ".*no-such-type.*"$/,
  );
  const stranger = new DomainApi(server.url, signerAs(OTHERS), { tries: 2, pauseMillis: 10 });
  await expect(provideDomain(stranger, domainRequest(server.url))).rejects.toThrow(
    /^roles cannot be listed: OpenSearch says ".+"$/,
  );
});

test("a domain that does not answer is named", async () => {
  const nobody = new DomainApi("http://127.0.0.1:1", signerAs(ADMINISTRATOR), { tries: 2, pauseMillis: 10 });
  await expect(provideDomain(nobody, domainRequest(server.url))).rejects.toThrow(
    /^the domain at http:\/\/127\.0\.0\.1:1 is not reached: .+$/,
  );
});
