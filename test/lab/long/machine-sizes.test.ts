import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { MachineWatch, type SeenMachines } from "../../scenarios/machine-watch";
import { readReports } from "../../scenarios/node-reports";
import { RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Machines that get smaller and larger again under running jobs. It takes long, so `make prove` alone runs it. */

const MINUTE = 60_000;

jest.setTimeout(60 * MINUTE);

describe("other types of machines under five jobs and the numbered stream", () => {
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

  const changeTo = async (instanceType: string): Promise<SeenMachines> => {
    const { deployment } = session;
    const watch = await MachineWatch.start(
      () => lab.machines(),
      () => readReports(deployment),
    );
    const [begun, leader] = [Date.now(), (await readReports(deployment)).find(({ leads }) => leads)?.node];
    try {
      await deployment.change({ instanceType });
      await deployment.waitUntilHealthy(15);
    } finally {
      const seen = await watch.stop();
      console.table([{ instanceType, leader, seconds: Math.round((Date.now() - begun) / 1000), ...seen }]);
    }
    await session.everyJobRuns();
    return watch.stop();
  };

  const typesOfNodes = async (): Promise<readonly unknown[]> => {
    const { Reservations = [] } = await lab.ec2().send(new DescribeInstancesCommand({}));
    const names = session.nodes.map(({ name }) => name);
    const nodes = Reservations.flatMap(({ Instances = [] }) => Instances).filter(({ Tags = [] }) =>
      Tags.some(({ Key, Value }) => Key === "Name" && names.includes(Value!)),
    );
    return nodes.map(({ InstanceType, State }) => `${InstanceType} ${State?.Name}`);
  };

  step("applies", () => session.apply());

  step("runs five jobs and the numbered stream", () => session.runJobs());

  for (const instanceType of ["c7i.large", "m7i.large"]) {
    step(`gives each machine the type ${instanceType}, one after the other`, async () => {
      const seen = await changeTo(instanceType);
      expect([...seen.stopped].sort()).toEqual(session.nodes.map(({ name }) => name).sort());
      expect(seen.mostAway).toBe(1);
      expect(await typesOfNodes()).toEqual(session.nodes.map(() => `${instanceType} running`));
      expect(await session.deployment.plannedActions("streaming")).toEqual([{}]);
    });
  }

  step("has lost and doubled nothing", async () => {
    const contents = await session.endStream();
    expect(contents).toMatchObject({ duplicates: [], missing: [] });
    expect(contents.rows).toBeGreaterThan(10_000);
  });

  step("destroys, and no packet ever left the lab", () => session.destroy());
});
