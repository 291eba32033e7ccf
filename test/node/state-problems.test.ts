import type { DesiredState } from "../../lib/node/desired-state";
import { clusterDesiredState } from "../../lib/node/node-layout";
import { findProblem } from "../../lib/node/state-problems";
import { clusterInput } from "./support/cluster-input";

const good = clusterDesiredState(clusterInput());
const flink = good.software[1];
const [credential] = good.connectionCredentials!;
const PRIVATE_CA = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-456789abcdef";

describe("a desired state is looked at before anything is done", () => {
  test.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /no JSON object/],
    ["null", null, /no JSON object/],
    ["a list", [], /schemaVersion undefined/],
    ["another format", { ...good, schemaVersion: 2 }, /schemaVersion 2, but this agent knows 1 only/],
    ["another cluster", { ...good, cluster: "bills" }, /of cluster bills, but this node belongs to orders/],
    [
      "no such node",
      { ...good, nodes: good.nodes.slice(1) },
      /no node orders-node-1: it names orders-node-2, orders-node-3/,
    ],
    ["no nodes", { ...good, nodes: undefined }, /not of the known form/],
    ["no software", { ...good, software: undefined }, /not of the known form/],
    ["a part that leaves its folder", { ...good, software: [{ ...flink, version: "../.." }] }, /part flink .* is none/],
    ["a part without a hash", { ...good, software: [{ ...flink, sha256: "abc" }] }, /part flink .* no SHA-256/],
    ["a part of another kind", { ...good, software: [{ ...flink, kind: "zip" }] }, /unknown kind zip/],
    ["a part without a key", { ...good, agent: { ...good.agent, key: "" } }, /part agent .* no key/],
    [
      "a file elsewhere",
      { ...good, files: [{ ...good.files[0], path: "/etc/passwd" }] },
      /\/etc\/passwd, which is not below/,
    ],
    [
      "a file that climbs out",
      { ...good, files: [{ ...good.files[0], path: "/opt/cdktf-flink/../../etc/passwd" }] },
      /which is not below/,
    ],
    [
      "a file of the system that is no setting of ours",
      { ...good, files: [{ ...good.files[0], path: "/etc/sysctl.d/99-mine.conf" }] },
      /\/etc\/sysctl.d\/99-mine.conf, which is not below/,
    ],
    [
      "a setting that climbs out",
      { ...good, files: [{ ...good.files[0], path: "/etc/sysctl.d/../shadow/90-cdktf-flink.conf" }] },
      /which is not below/,
    ],
    [
      "a setting of the system that another user may write",
      { ...good, files: [{ ...good.files[0], path: "/etc/sysctl.d/90-cdktf-flink.conf", group: "flink" }] },
      /a setting of the system/,
    ],
    ["no role for jobs", { ...good, jobCredentials: undefined }, /not of the known form/],
    [
      "a role that is none",
      { ...good, jobCredentials: { roleArn: "admin", port: 959 } },
      /no good role or port.*admin/,
    ],
    ["a port that is none", { ...good, jobCredentials: { ...good.jobCredentials, port: 0 } }, /no good role or port/],
    ["credentials that are no list", { ...good, connectionCredentials: {} }, /not of the known form/],
    [
      "a credential that leaves its folder",
      { ...good, connectionCredentials: [{ ...credential, name: "../token" }] },
      /the connection \.\.\/token in the desired state is of a connection whose name is none/,
    ],
    [
      "two credentials of one connection",
      { ...good, connectionCredentials: [credential, credential] },
      /of the connection bookings in the desired state is there twice/,
    ],
    [
      "a credential of another kind",
      { ...good, connectionCredentials: [{ ...credential, kind: "kafka-plain" }] },
      /of the connection bookings .* unknown kind kafka-plain/,
    ],
    [
      "a credential of a kind that every object has",
      { ...good, connectionCredentials: [{ ...credential, kind: "constructor" }] },
      /of the connection bookings .* unknown kind constructor/,
    ],
    [
      "a credential by the name of its secret",
      { ...good, connectionCredentials: [{ ...credential, secretArn: "AmazonMSK_bookings" }] },
      /of the connection bookings .* no secret by its ARN: AmazonMSK_bookings/,
    ],
    [
      "a credential of a secret with a line end",
      { ...good, connectionCredentials: [{ ...credential, secretArn: `${credential.secretArn}\nusername=x` }] },
      /no secret by its ARN/,
    ],
    ["a bad mode", { ...good, files: [{ ...good.files[0], mode: "4755" }] }, /the mode 4755/],
    ["a file with the group of its folder", { ...good, files: [{ ...good.files[0], mode: "2750" }] }, /the mode 2750/],
    ["a bad mode of a folder", { ...good, directories: [{ ...good.directories[0], mode: "4755" }] }, /the mode 4755/],
    [
      "a role of logs that is none",
      { ...good, logs: { credentials: { roleArn: "admin", port: 957 } } },
      /no good role or port for the credentials of logs: admin, 957/,
    ],
    ["logs without a role", { ...good, logs: {} }, /not of the known form/],
    [
      "a login for logs by the name of its secret",
      { ...good, logs: { credentials: good.jobCredentials, secretArn: "logs" } },
      /the login for logs in the desired state names no secret by its ARN: logs/,
    ],
    ["a bad owner", { ...good, directories: [{ ...good.directories[0], owner: "a b" }] }, /no good owner/],
    ["a user that is none", { ...good, users: [{ ...good.users[0], name: "x\nu root 0" }] }, /not well formed/],
    [
      "a unit that it lacks",
      { ...good, units: good.units.slice(1) },
      /names the unit zookeeper.service, which it does not/,
    ],
    [
      "a unit with a path",
      { ...good, units: [...good.units, { name: "../x.service", content: "" }] },
      /\.\.\/x\.service/,
    ],
    ["a window that never opens", { ...good, maintenanceWindow: { startMinute: 0 } }, /maintenance window of no known/],
    [
      "a loss that is neither allowed nor not",
      { ...good, allowStateLoss: "yes" },
      /the allowStateLoss yes, which is true/,
    ],
    ["no certificates", { ...good, certificates: undefined }, /not of the known form/],
    [
      "an authority by an alias",
      { ...good, certificates: { ...good.certificates, nodeAuthorityArn: "alias/x" } },
      /neither by ARNs of keys nor by those of private CAs/,
    ],
    [
      "authorities of two kinds",
      { ...good, certificates: { ...good.certificates, nodeAuthorityArn: PRIVATE_CA } },
      /neither by ARNs of keys nor by those of private CAs/,
    ],
    [
      "certificates for no time",
      { ...good, certificates: { ...good.certificates, validitySeconds: 0 } },
      /good for 0 seconds/,
    ],
    [
      "a link that climbs out",
      { ...good, linkFolders: [{ ...good.linkFolders[0], links: [{ name: "../x", target: "/" }] }] },
      /no plain name/,
    ],
  ])("%s is refused", (_name, state, sentence) => {
    expect(findProblem(state, "orders", "orders-node-1")).toMatch(sentence);
  });

  test("two private CAs are fine", () => {
    const certificates = { ...good.certificates, nodeAuthorityArn: PRIVATE_CA, clientAuthorityArn: `${PRIVATE_CA}` };
    expect(findProblem({ ...good, certificates }, "orders", "orders-node-1")).toBeUndefined();
  });

  test("connections without credentials are fine, also in a state of a release that knew none", () => {
    for (const connectionCredentials of [[], undefined]) {
      expect(findProblem({ ...good, connectionCredentials }, "orders", "orders-node-1")).toBeUndefined();
    }
  });

  test.each(["kafka-scram", "kafka-certificate", "basic", "postgresql"] as const)(
    "a credential of the kind %s is fine",
    (kind) => {
      const connectionCredentials = [{ ...credential, kind }];
      expect(findProblem({ ...good, connectionCredentials }, "orders", "orders-node-1")).toBeUndefined();
    },
  );

  test("also as JSON brings it back", () => {
    const again = JSON.parse(JSON.stringify(good)) as DesiredState;
    expect(findProblem(again, "orders", "orders-node-3")).toBeUndefined();
  });
});
