import { DescribeInstancesCommand, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { consolesOf, linesOfBoot } from "../../../lib/operate/console/machine-console";
import { renderConsoles } from "../../../lib/operate/console/render-consoles";

const BOOT = [
  "[    0.000000] Linux version 6.12",
  "[   12.1] cloud-init[511]: Cloud-init v. 25.1 finished at Mon, 30 Nov 2026",
  "[   13.2] flink-bootstrap: reading the desired state failed (URLError: <urlopen error timed out>); asked last: https://b",
  "[   20.4] flink-agent: node orders-node-1 of cluster orders, Node.js v22",
  "[   31.0] flink-agent: fetching java 17: AccessDenied\u001b[31m: no way",
  "debian login: ",
];

const machine = (name: string, id: string, state: string, reason?: string): Instance =>
  ({
    InstanceId: id,
    State: { Name: state },
    StateReason: { Message: reason },
    Tags: [{ Key: "Name", Value: name }],
  }) as Instance;

/** EC2 with these machines, of which each has a console of its own. */
function ec2(instances: readonly Instance[], consoles: Readonly<Record<string, string | Error>> = {}): EC2Client {
  const client = new EC2Client({ region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
  jest.spyOn(client, "send").mockImplementation(((command: { input: { InstanceId?: string } }) => {
    if (command instanceof DescribeInstancesCommand)
      return Promise.resolve({ Reservations: [{ Instances: instances }] });
    const text = consoles[command.input.InstanceId!];
    if (text instanceof Error) return Promise.reject(text);
    return Promise.resolve({ Output: text === undefined ? undefined : Buffer.from(text).toString("base64") });
  }) as never);
  return client;
}

test("of a console those lines are shown that tell of the boot, and nothing that moves a cursor", () => {
  expect(linesOfBoot(BOOT.join("\r\n"))).toEqual([
    "[   12.1] cloud-init[511]: Cloud-init v. 25.1 finished at Mon, 30 Nov 2026",
    "[   13.2] flink-bootstrap: reading the desired state failed (URLError: <urlopen error timed out>); asked last: https://b",
    "[   20.4] flink-agent: node orders-node-1 of cluster orders, Node.js v22",
    "[   31.0] flink-agent: fetching java 17: AccessDenied [31m: no way",
  ]);
  expect(linesOfBoot("GRUB loading.\n\n")).toEqual(["GRUB loading."]);
  const many = Array.from({ length: 40 }, (_, number) => `flink-agent: try ${number} ${"x".repeat(999)}`).join("\n");
  expect(linesOfBoot(many)).toHaveLength(15);
  expect(linesOfBoot(many)[14]).toMatch(/^flink-agent: try 39 x{880}/);
  expect(linesOfBoot(many)[14].length).toBe(900);
});

test("each node is told of with its machine: one that runs, one that AWS ended, one that is not there", async () => {
  const client = ec2(
    [
      machine("orders-node-1", "i-1", "running"),
      machine("orders-node-1", "i-0", "terminated", "User initiated"),
      machine("orders-node-2", "i-2", "terminated", "Client.InternalError: Client error on launch"),
      machine("orders-node-3", "i-3", "pending"),
    ],
    { "i-1": BOOT.join("\n") },
  );
  const nodes = [1, 2, 3, 4].map((number) => `orders-node-${number}`);
  expect(renderConsoles(await consolesOf(client, nodes)).split("\n")).toEqual([
    "orders-node-1: its machine i-1 is running; its console says last of its boot:",
    ...linesOfBoot(BOOT.join("\n")).map((line) => `  ${line}`),
    "orders-node-2: its machine i-2 is terminated (Client.InternalError: Client error on launch); its console is empty as yet.",
    "orders-node-3: its machine i-3 is pending; its console is empty as yet.",
    "orders-node-4: its machine is not there: no machine has its name.",
  ]);
});

test("who may not read consoles is told what is missing; a console that cannot be had is no failure", async () => {
  const denied = Object.assign(new Error("You are not authorized"), { name: "UnauthorizedOperation", $metadata: {} });
  const gone = Object.assign(new Error("The instance ID 'i-1' does not exist"), { name: "InvalidInstanceID.NotFound" });
  const running = [machine("orders-node-1", "i-1", "running")];
  await expect(consolesOf(ec2(running, { "i-1": denied }), ["orders-node-1"])).rejects.toThrow(/ec2:GetConsoleOutput/);
  const [{ lines }] = await consolesOf(ec2(running, { "i-1": gone }), ["orders-node-1"]);
  expect(lines).toEqual([expect.stringContaining("does not exist")]);
});
