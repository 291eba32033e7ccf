import type { EC2Client } from "@aws-sdk/client-ec2";
import { Ec2MachineAccount } from "../../../lib/operate/replace/machine-account";

const IMAGE = "ami-0123456789abcdef0";

/** An account that answers by the name of what it is asked, and remembers what it was told. */
function accountThat(answers: Readonly<Record<string, unknown>>): { account: Ec2MachineAccount; told: unknown[] } {
  const told: unknown[] = [];
  const send = (command: { readonly input: unknown }): Promise<unknown> => {
    const { name } = command.constructor;
    told.push(command.input);
    const answer = answers[name.replace("Command", "")];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {});
  };
  return { account: new Ec2MachineAccount({ send } as unknown as EC2Client), told };
}

const image = (State: string, Architecture = "x86_64") => ({ Images: [{ State, Architecture }] });
const machines = (...all: readonly object[]) => ({ Reservations: all.map((one) => ({ Instances: [one] })) });

test.each<[string, Readonly<Record<string, unknown>>, string | undefined]>([
  [
    "it is there",
    { DescribeImages: image("available"), DescribeInstances: machines({ Architecture: "x86_64" }) },
    undefined,
  ],
  ["the machine is gone", { DescribeImages: image("available"), DescribeInstances: machines() }, undefined],
  ["it is not there", {}, `there is no image ${IMAGE} that this account may use (not found), and nothing was done`],
  [
    "it is being made",
    { DescribeImages: image("pending") },
    "that this account may use (pending), and nothing was done",
  ],
  [
    "it is of another architecture",
    { DescribeImages: image("available", "arm64"), DescribeInstances: machines({ Architecture: "x86_64" }) },
    `the image ${IMAGE} is of the architecture arm64, and the machine of x86_64, and nothing was done`,
  ],
  [
    "it may not be looked for",
    { DescribeImages: Object.assign(new Error("You are not authorized"), { name: "UnauthorizedOperation" }) },
    `finding the image ${IMAGE} is not allowed`,
  ],
])("an image of which no machine could be made is refused: %s", async (_what, answers, sentence) => {
  const looked = accountThat(answers).account.requireImage(IMAGE, "i-1");
  if (sentence === undefined) await expect(looked).resolves.toBeUndefined();
  else await expect(looked).rejects.toThrow(sentence);
});

const named = (InstanceId: string, node: string) => ({
  InstanceId,
  Tags: [{ Key: "Name", Value: `orders-node-${node}` }],
});

test("the machines of nodes that go lose their protection, found by their names", async () => {
  const { account, told } = accountThat({ DescribeInstances: machines(named("i-4", "4"), named("i-5", "5")) });
  await account.unprotectMachinesOf(["orders-node-4", "orders-node-5"]);
  expect(told).toEqual([
    expect.objectContaining({
      Filters: expect.arrayContaining([{ Name: "tag:Name", Values: ["orders-node-4", "orders-node-5"] }]) as unknown,
    }),
    { InstanceId: "i-4", DisableApiTermination: { Value: false } },
    { InstanceId: "i-5", DisableApiTermination: { Value: false } },
  ]);
});

test("where two machines have the name of a node that goes, none loses its protection", async () => {
  const { account, told } = accountThat({
    DescribeInstances: machines(named("i-4", "4"), named("i-5", "5"), named("i-6", "4")),
  });
  await expect(account.unprotectMachinesOf(["orders-node-4", "orders-node-5"])).rejects.toThrow(
    "i-4 and i-6 both have the name orders-node-4, and nothing was touched: take that tag from the one that is not of the cluster, and deploy again",
  );
  expect(told).toHaveLength(1);
});

test.each([
  ["is gone", [], undefined],
  ["goes", [{ State: { Name: "shutting-down" } }], undefined],
  ["is there", [{ State: { Name: "running" } }], "restoring the termination protection of i-1 failed: no answer"],
])("protecting a machine again that %s", async (_what, found, sentence) => {
  const { account } = accountThat({
    ModifyInstanceAttribute: new Error("no answer"),
    DescribeInstances: machines(...found),
  });
  const done = account.protectAgain("i-1");
  if (sentence === undefined) await expect(done).resolves.toBeUndefined();
  else await expect(done).rejects.toThrow(sentence);
});
