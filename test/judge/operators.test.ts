import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { CheckpointBucket, FlinkCluster, FlinkNetwork } from "../../lib";
import { cluster } from "../cluster/support";
import type { Played } from "../lab/judge/played";
import { Bench, form, type Sent, systemsManager } from "./bench";
import { ACCOUNT, policiesOf, REGION } from "./synthesized-account";

const DOCUMENT = "AWS-StartPortForwardingSessionToRemoteHost";
const OFFICE = "203.0.113.9";
/** As the reader of the emulator has it: each of ours is called by its name. */
const OWN_SESSION = { id: "i-1-0a", userId: "AROAoperators:i-1", resourceId: "AROAoperators:i-1-0a" };
const OTHERS_SESSION = { id: "ann-0b", userId: "AROAoperators:ann", resourceId: "AROAoperators:ann-0b" };

const PLAYED: Played = {
  instances: [
    { id: "i-client", tags: { Name: "client", [FlinkCluster.CLIENT_TAG]: "orders" } },
    { id: "i-client-of-another", tags: { [FlinkCluster.CLIENT_TAG]: "returns" } },
    { id: "i-node", tags: { Name: "orders-node-1" } },
    { id: "i-stranger", tags: { Name: "stranger" } },
  ],
  session: (id) => [OWN_SESSION, OTHERS_SESSION].find((one) => one.id === id),
};

const policies = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const checkpointBucket = new CheckpointBucket(stack, "checkpoints");
  const { name } = new IamRole(stack, "operators", { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}' });
  cluster(stack, { clusterName: "orders", network, checkpointBucket }).grantOperate(name);
});

const bench = new Bench(policies);
bench.played = PLAYED;

const outcome = (sent: Sent): Promise<string> => bench.outcome("operator", { ...sent, from: OFFICE });
const start = (Target: string, DocumentName?: string): Promise<string> =>
  outcome(systemsManager("StartSession", { Target, DocumentName }));

describe("a role that may operate a cluster", () => {
  test("begins tunnels by the cluster's clients", async () => {
    expect(await start("i-client", DOCUMENT)).toBe("allowed");
  });

  test.each([
    ["a client of another cluster", "i-client-of-another"],
    ["a node", "i-node"],
    ["a machine without tags of ours", "i-stranger"],
    ["a machine that is not there", "i-none"],
  ])("begins none by %s", async (_, target) => {
    expect(await start(target, DOCUMENT)).toBe("identity: ssm:StartSession");
  });

  test.each([
    ["no document, which would be a shell", undefined],
    ["the shell's", "SSM-SessionManagerRunShell"],
    ["one that forwards ports of the machine itself", "AWS-StartPortForwardingSession"],
    ["one that runs a command", "AWS-StartInteractiveCommand"],
  ])("begins none of another document: %s", async (_, document) => {
    expect(await start("i-client", document)).toBe("identity: ssm:StartSession");
  });

  test("carries and ends its own sessions, and no others", async () => {
    const end = (SessionId: string) => outcome(systemsManager("TerminateSession", { SessionId }));
    const resume = (SessionId: string) => outcome(systemsManager("ResumeSession", { SessionId }));
    const open = (id: string) =>
      outcome({ service: "ssmmessages", path: `/v1/data-channel/${id}?role=publish_subscribe` });
    expect([await end("i-1-0a"), await resume("i-1-0a"), await open("i-1-0a")]).toEqual(Array(3).fill("allowed"));
    expect([await end("ann-0b"), await resume("ann-0b"), await open("ann-0b")]).toEqual([
      "identity: ssm:TerminateSession",
      "identity: ssm:ResumeSession",
      "identity: ssmmessages:OpenDataChannel",
    ]);
  });

  test("finds its cluster's bucket, and asks of no other cluster and for no list", async () => {
    const arn = (name: string) => `arn:aws:resource-groups:${REGION}:${ACCOUNT}:group/${name}`;
    const get = (Group: string) =>
      outcome({ service: "resource-groups", method: "POST", path: "/get-group", body: JSON.stringify({ Group }) });
    const tags = (name: string) =>
      outcome({ service: "resource-groups", path: `/resources/${encodeURIComponent(arn(name))}/tags` });
    expect([await get("cdktf-flink-orders"), await tags("cdktf-flink-orders")]).toEqual(["allowed", "allowed"]);
    expect([await get("cdktf-flink-returns"), await tags("cdktf-flink-returns")]).toEqual([
      "identity: resource-groups:GetGroup",
      "identity: resource-groups:GetTags",
    ]);
    expect(await outcome({ service: "resource-groups", method: "POST", path: "/groups-list" })).toBe(
      "identity: resource-groups:ListGroups",
    );
  });

  test("looks for machines, and reads the consoles of the cluster's nodes alone", async () => {
    const console = (InstanceId: string) => outcome(form("ec2", { Action: "GetConsoleOutput", InstanceId }));
    expect(await outcome(form("ec2", { Action: "DescribeInstances" }))).toBe("allowed");
    expect(await console("i-node")).toBe("allowed");
    expect(await console("i-stranger")).toBe("identity: ec2:GetConsoleOutput");
  });

  test("does nothing that the judge does not know", async () => {
    expect(await outcome(form("ec2", { Action: "TerminateInstances" }))).toBe("judge: ec2:TerminateInstances");
  });
});

test("whose statement asks for no document has a shell: the judge refuses one for its policy alone", async () => {
  const careless = policies.roles.map((role) => ({
    ...role,
    identity: role.identity.map(({ name, document }) => ({
      name,
      document: JSON.parse(
        JSON.stringify(document).replaceAll('"BoolIfExists":{"ssm:SessionDocumentAccessCheck":"true"}', '"Bool":{}'),
      ) as typeof document,
    })),
  }));
  const other = new Bench({ ...policies, roles: careless });
  other.played = PLAYED;
  const shell = systemsManager("StartSession", { Target: "i-client" });
  expect(await other.outcome("operator", { ...shell, from: OFFICE })).toBe("allowed");
});

test("of the things of a caller alone each is decided by itself", async () => {
  const ask = (SessionId: string) => outcome(systemsManager("TerminateSession", { SessionId }));
  expect(await ask("i-1-0a")).toBe("allowed");
  expect(await ask("ann-0b")).not.toBe("allowed");
  expect(await ask("i-1-0a")).toBe("allowed");
});
