import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DomainRequest } from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { callFunction, ROOT, unpackedFunction } from "../bundled-function";
import { DomainDoor } from "./domain-door";
import { domainRequest, jobsRole, ORDERS_ARN_PREFIX, template } from "./domain-orders";
import { ADMINISTRATOR, LoopbackOpenSearch } from "./loopback-opensearch";
import { StsServer } from "./sts-server";

const NAME = "opensearch-provisioner";
const START_MILLIS = 600_000;
/** What every deploy with a new release uploads. */
const MOST_BYTES = 200 << 10;
const ROLE = "flink-orders-jobs";
const JOBS = `${ORDERS_ARN_PREFIX}1`;

let folder: string;
let program: string;
let server: LoopbackOpenSearch;
let sts: StsServer;
let door: DomainDoor;
let order: DomainRequest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "functions-"));
  program = await unpackedFunction(folder, NAME);
  server = await LoopbackOpenSearch.start();
  sts = await StsServer.start(ADMINISTRATOR);
  door = await DomainDoor.start(server.url, ADMINISTRATOR, sts.issued);
  writeFileSync(join(folder, "authority.pem"), door.authority);
  order = domainRequest(door.url, {
    stsEndpoint: sts.endpoint,
    roles: [jobsRole(["orders-*"])],
    templates: [template("orders", "orders-*")],
  });
}, START_MILLIS);
afterAll(async () => {
  await door?.stop();
  await sts?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Certificates of Amazon's domains are of an authority that Node.js knows by itself. */
const call = (request: object, ordered: object) =>
  callFunction(program, request, { NODE_EXTRA_CA_CERTS: join(folder, "authority.pem") }, ordered);
const admit = (writerArn: string, ordered: object = order, told: object = ordered, role = ROLE) =>
  call({ order: JSON.stringify(told), admit: { role, writerArn } }, ordered);

test("is small, and knows no path of this machine", () => {
  expect(statSync(join(folder, `${NAME}.zip`)).size).toBeLessThan(MOST_BYTES);
  expect(readFileSync(program, "utf8")).not.toContain(ROOT);
});

test(
  "as Lambda calls it, it takes on the administrator's role, signs for the domain, and lets in who was ordered",
  async () => {
    // A role's trust takes some seconds to hold.
    sts.refusals = 1;
    const lines = ["index template orders", "role flink-orders-jobs for orders-*"];
    expect(await call(order, order)).toEqual({ made: lines, there: [], closed: [] });
    expect(await call(order, order)).toEqual({ made: [], there: lines, closed: [] });
    expect(await server.write(JOBS, "orders-1")).toEqual([403]);
    expect(await admit(JOBS)).toEqual({ made: [`role ${ROLE} of ${JOBS}`], there: [], closed: [] });
    expect(await server.write(JOBS, "orders-1")).toEqual([200, 201]);
    const without = { ...order, roles: [] };
    expect(await call(without, without)).toEqual({ made: [], there: lines.slice(0, 1), closed: [`role ${ROLE}`] });
    expect(await server.write(JOBS, "orders-1")).toEqual([403]);
  },
  START_MILLIS,
);

test("what the deploy did not order is not made, and nobody is let in whom it did not order", async () => {
  const before = [...door.calls];
  const more = { ...order, roles: [jobsRole(["*"])] };
  const isRefused = {
    name: "ProvisioningProblem",
    message: expect.stringMatching(/^this is not what the deploy ordered: /) as string,
  };
  expect(await call(more, order)).toMatchObject(isRefused);
  expect(await admit(JOBS, order, more)).toMatchObject(isRefused);
  expect(await admit("arn:aws:iam::123456789012:role/others")).toMatchObject({
    message: expect.stringContaining(`is for a role of IAM that begins with ${ORDERS_ARN_PREFIX}`) as string,
  });
  expect(await admit(JOBS, order, order, "all_access")).toMatchObject({
    message: "the role all_access is not among what the deploy ordered: apply the stack of the domain first",
  });
  expect(door.calls).toEqual(before);
});
