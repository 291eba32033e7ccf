import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import path from "path";
import { readReports } from "../../scenarios/node-reports";
import { RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Every machine is made anew under running jobs. It takes most of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PROGRAM = path.resolve(__dirname, "..", "..", "..", "build", "bin", "cdktf-flink.js");

jest.setTimeout(60 * MINUTE);

describe("machines that are made anew under five jobs and the numbered stream", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;

  beforeAll(async () => {
    lab = await Lab.start();
    session = new RollingSession(lab);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  /** As the operator, in the folder of the stack. */
  const replace = async (...args: readonly string[]): Promise<string> => {
    const dir = path.join(session.deployment.outdir, "stacks", "streaming");
    const { code, stdout, stderr } = await lab.exec(
      [process.execPath, PROGRAM, "replace", ...args, "--dir", dir, "--yes", "--timeout", "10m"],
      { timeout: 40 * MINUTE, env: { TF_CLI_CONFIG_FILE: path.join(dir, "terraform-cli.tfrc") } },
    );
    console.log(`${stderr}${stdout}`);
    if (code !== 0) throw new Error(`replace ended with ${code}: ${stderr}`);
    return stdout;
  };

  /** Ids of the machines that run, by the names of their nodes. */
  const machineIds = async (): Promise<Record<string, string>> => {
    const Filters = [{ Name: "instance-state-name", Values: ["running"] }];
    const { Reservations = [] } = await lab.ec2().send(new DescribeInstancesCommand({ Filters }));
    const found = Reservations.flatMap(({ Instances = [] }) => Instances);
    const nameOf = (tags: (typeof found)[number]["Tags"]) => tags?.find(({ Key }) => Key === "Name")?.Value ?? "";
    const names = session.nodes.map(({ name }) => name);
    return Object.fromEntries(
      found.map(({ InstanceId, Tags }) => [nameOf(Tags), InstanceId!]).filter(([name]) => names.includes(name)),
    );
  };

  step("applies", () => session.apply());

  step("runs five jobs and the numbered stream", () => session.runJobs());

  step("finds no machine that is behind, as all were made of the image that the program names", async () => {
    const reports = await readReports(session.deployment);
    expect(new Set(reports.map(({ imageId }) => imageId)).size).toBe(1);
    expect(reports[0].imageId).toMatch(/^ami-/);
    expect(await replace("--all")).toContain("Nothing is to be replaced.");
  });

  step("makes each machine anew, one after the other", async () => {
    const before = await machineIds();
    await session.unharmedBy(session.nodes.length, async () => void (await replace("--all", "--force")));
    const after = await machineIds();
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const [name, id] of Object.entries(after)) expect(id).not.toBe(before[name]);
    const [planned] = await session.deployment.plannedActions("streaming");
    expect(planned).toEqual({});
  });

  step("has lost and doubled nothing", async () => {
    expect(await session.endStream()).toMatchObject({ duplicates: [], missing: [] });
  });

  step("destroys, and no packet ever left the lab", () => session.destroy());
});
