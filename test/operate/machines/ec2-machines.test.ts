import type { EC2Client } from "@aws-sdk/client-ec2";
import { Ec2Machines } from "../../../lib/operate/machines/ec2-machines";

/** What AWS answers to calls of each name, one after the other; the last one holds. It remembers the names. */
function machinesThat(answers: Readonly<Record<string, readonly unknown[]>>): {
  machines: Ec2Machines;
  told: string[];
} {
  const told: string[] = [];
  const send = async (command: object): Promise<unknown> => {
    const name = command.constructor.name.replace("Command", "");
    const all = answers[name] ?? [{}];
    const answer = all[Math.min(told.filter((each) => each === name).length, all.length - 1)];
    told.push(name);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { machines: new Ec2Machines({ send } as unknown as EC2Client, 1), told };
}

const running = { Reservations: [{ Instances: [{ InstanceId: "i-1", State: { Name: "running" } }] }] };
const refusal = (message: string): Error => Object.assign(new Error(message), { name: "InvalidParameterValue" });

test("a machine whose new type is not known everywhere yet is started again", async () => {
  const notYet = refusal("LaunchPlan instance type does not match attribute value");
  const { machines, told } = machinesThat({ StartInstances: [notYet, notYet, {}], DescribeInstances: [running] });
  await machines.start("i-1");
  expect(told).toEqual(["StartInstances", "StartInstances", "StartInstances", "DescribeInstances"]);
});

test("any other refusal of a start is one", async () => {
  const { machines, told } = machinesThat({ StartInstances: [refusal("no such type")] });
  await expect(machines.start("i-1")).rejects.toThrow("no such type");
  expect(told).toEqual(["StartInstances"]);
});

test("a volume has grown when AWS tells so of this change, and not of the one before", async () => {
  const modification = (TargetSize: number, ModificationState: string) => ({
    VolumesModifications: [{ TargetSize, ModificationState }],
  });
  const { machines, told } = machinesThat({
    DescribeVolumesModifications: [
      modification(30, "completed"),
      modification(50, "modifying"),
      modification(50, "optimizing"),
    ],
  });
  await machines.growVolume("vol-1", 50);
  expect(told.filter((name) => name === "DescribeVolumesModifications")).toHaveLength(3);
});

test("the zones that have a type are those of all pages", async () => {
  const page = (Location: string, NextToken?: string) => ({ InstanceTypeOfferings: [{ Location }], NextToken });
  const { machines } = machinesThat({
    DescribeInstanceTypeOfferings: [page("eu-west-1a", "more"), page("eu-west-1b")],
  });
  expect([...(await machines.zonesWith("m7i.large"))]).toEqual(["eu-west-1a", "eu-west-1b"]);
});

test("a machine is told with its zone", async () => {
  const machine = { InstanceId: "i-1", InstanceType: "m7i.large", State: { Name: "running" } };
  const Instances = [{ ...machine, Placement: { AvailabilityZone: "eu-west-1a" } }];
  const { machines } = machinesThat({ DescribeInstances: [{ Reservations: [{ Instances }] }] });
  expect([...(await machines.machines(["i-1"]))]).toEqual([
    ["i-1", { instanceType: "m7i.large", state: "running", zone: "eu-west-1a" }],
  ]);
});
