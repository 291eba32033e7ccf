import { writeChangesRecord } from "../../scenarios/change-record";
import type { StreamContents } from "../../scenarios/numbered-stream";
import { NODE_COUNT, RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";
import type { PublishedImage } from "../published-images";

/** Machines of another image, under running jobs. `make prove` alone runs it: it takes nearly half an hour. */

const MINUTE = 60_000;
const COUNTING_JOBS = 9;
/** Two nodes hold all jobs. */
const SLOTS = 6;
const TYPE = "c7i.large";
/** A node tells with its reports of which image its machine is. */
const PATIENCE = 2 * MINUTE;

jest.setTimeout(60 * MINUTE);

describe("a newer image under nine jobs and the numbered stream", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;
  let contents: StreamContents;
  /** Of the machines as they were made first. */
  let before: PublishedImage;
  let newer: PublishedImage;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: true, overcommit: 2 });
    session = new RollingSession(lab, { instanceType: TYPE, numberOfTaskSlots: SLOTS }, COUNTING_JOBS);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const names = (): readonly string[] => session.nodes.map(({ name }) => name);

  /** What each machine was made of, as AWS has it, and what it finds itself to be. */
  const imagesOfMachines = async (): Promise<readonly PublishedImage[]> => {
    const { instances } = await lab.account();
    return Promise.all(
      session.machines().map(async (machine) => ({
        id: instances.find(({ id }) => id === machine.id)!.imageId,
        debianVersion: (await machine.run(["cat", "/etc/debian_version"])).trim(),
      })),
    );
  };

  const each = <T>(one: T): readonly T[] => names().map(() => one);

  /** The line of `status` about machines of another image; undefined where it has none. */
  const behind = async (): Promise<string | undefined> =>
    (await session.deployment.status()).split("\n").find((line) => line.startsWith("Made of another image"));

  step("applies", async () => {
    await session.apply();
    [before] = await imagesOfMachines();
    expect(await imagesOfMachines()).toEqual(each(before));
    expect(await behind()).toBeUndefined();
  });

  step("runs ten jobs", () => session.runJobs());

  step("plans nothing for any machine when Debian publishes a newer image, whatever is deployed", async () => {
    const { deployment } = session;
    newer = lab.publishImage();
    expect(newer.id).not.toBe(before.id);
    expect(newer.debianVersion).not.toBe(before.debianVersion);
    const machines = session.machineIds();
    const { nodes } = await session.changed("a deploy after a newer image was published", async () => {
      const [actions] = await deployment.plannedActions("streaming");
      expect(Object.entries(actions)).toEqual([
        [expect.stringMatching(/^aws_s3_object\.flink_DesiredState_/), "update"],
      ]);
      await deployment.change({});
      await deployment.waitUntilRolled(5);
    });
    expect(nodes.filter(({ down }) => down.length > 0)).toEqual([]);
    expect(session.machineIds()).toEqual(machines);
    expect(await imagesOfMachines()).toEqual(each(before));
    expect(await deployment.plannedActions("streaming")).toEqual([{}]);
  });

  step("names the nodes that are behind", async () => {
    const line = await lab.waitFor(behind, { timeout: PATIENCE, interval: 2000, what: "status to name nodes behind" });
    expect(line).toBe(
      `Made of another image than ${newer.id}: ${names().join(", ")}. ` +
        "`npx cdktf-flink replace --all` makes them anew, one at a time.",
    );
  });

  step("brings all machines to it, one after the other", async () => {
    const machines = session.machineIds();
    const seen = lab.events.length;
    const { nodes } = await session.changed("replace --all, to the newer image", async () => {
      expect(await session.replace("--all")).toMatchObject({ code: 0 });
    });
    expect(nodes.filter(({ down }) => down.length > 0)).toHaveLength(NODE_COUNT);
    const acts = lab.events.slice(seen).map(({ action }) => action);
    expect(acts.filter((action) => action === "TerminateInstances" || action === "RunInstances")).toEqual(
      names().flatMap(() => ["TerminateInstances", "RunInstances"]),
    );
    for (const [node, id] of Object.entries(session.machineIds())) expect(id).not.toBe(machines[node]);
    await session.meetNodes();
    expect(await imagesOfMachines()).toEqual(each(newer));
    expect(await session.deployment.plannedActions("streaming")).toEqual([{}]);
  });

  step("calls none behind any more, and replaces none again", async () => {
    expect(await behind()).toBeUndefined();
    const machines = session.machineIds();
    expect(await session.replace("--all")).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining("Replaced: "),
    });
    expect(session.machineIds()).toEqual(machines);
  });

  step("rolls a change over the new machines, one after the other", async () => {
    const { deployment } = session;
    const { nodes } = await session.changed("a key of Flink, on the new machines", async () => {
      await deployment.change({ flinkConfiguration: { "rest.flamegraph.enabled": "true" } });
      await deployment.waitUntilRolled(15);
    });
    expect(nodes.filter(({ down }) => down.length > 0)).toHaveLength(NODE_COUNT);
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    const file = writeChangesRecord({
      title: "Machines of another image",
      of: "test/lab/long/images.test.ts",
      about: [
        `Three nodes of ${TYPE} with ${SLOTS} slots each, ${COUNTING_JOBS} counting jobs and the numbered stream, checkpoints every 5 seconds, a restart`,
        "delay of 10 seconds. No job failed. Java compiles little here, and so starts sooner. A newer image was published while the jobs",
        `ran: before, /etc/debian_version of each machine had ${before.debianVersion}, afterwards ${newer.debianVersion}. The deploy planned one action, on the`,
        "object with the desired state, and none on any machine; `status` named all three nodes until they were replaced.",
      ],
      ...{ changes: session.changes, contents },
    });
    console.log(`written: ${file}`);
  });
});
