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

test("the machines of nodes that go lose their protection, found by their names", async () => {
  const { account, told } = accountThat({ DescribeInstances: machines({ InstanceId: "i-4" }, { InstanceId: "i-5" }) });
  await account.unprotectMachinesOf(["orders-node-4", "orders-node-5"]);
  expect(told).toEqual([
    expect.objectContaining({
      Filters: expect.arrayContaining([{ Name: "tag:Name", Values: ["orders-node-4", "orders-node-5"] }]) as unknown,
    }),
    { InstanceId: "i-4", DisableApiTermination: { Value: false } },
    { InstanceId: "i-5", DisableApiTermination: { Value: false } },
  ]);
});
