import { leastCertificateValidity } from "../../../lib/cluster/certificate-validity";
import type { RollEvent } from "../../../lib/node/roll";
import { CertificateRenewals } from "../../scenarios/certificate-renewals";
import type { StreamContents } from "../../scenarios/numbered-stream";
import { fewestHealthy, measureRoll, readRollEvents, secondsPerNode } from "../../scenarios/rolling-change";
import { NODE_COUNT, RollingSession } from "../../scenarios/rolling-session";
import { writeRollsRecord } from "../../scenarios/rolls-record";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Certificates that end soon, under running jobs. It takes an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
/** The shortest that so many nodes take. */
const VALIDITY_SECONDS = leastCertificateValidity(NODE_COUNT).toSeconds();
const RENEWALS = 2;
/** Each comes when two thirds of the validity are over, and all nodes have had their turns when the last third is. */
const LONGEST = (RENEWALS + 0.5) * VALIDITY_SECONDS * 1000;

jest.setTimeout(LONGEST + 30 * MINUTE);

describe("renewals under five jobs and the numbered stream", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start();
    session = new RollingSession(lab, { certificateValiditySeconds: VALIDITY_SECONDS });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  step("applies, with certificates that are good for minutes", () => session.apply());

  step("runs five jobs and the numbered stream", () => session.runJobs());

  step("renews every node's certificates twice at least", async () => {
    const { deployment, nodes } = session;
    const renewals = new CertificateRenewals(deployment);
    await renewals.look();
    const since = Date.now();
    const renewed = async (): Promise<RollEvent[]> =>
      (await readRollEvents(deployment)).filter(
        ({ change, time }) => change.kind === "certificates" && Date.parse(time) >= since,
      );
    await session.watched(async () => {
      const roll = await measureRoll(deployment, nodes, "certificates", async () => {
        await renewals.waitUntilEveryNodeRenewed(RENEWALS, LONGEST);
        await deployment.waitUntilHealthy(10);
        // A node says so in its report at once, and that all is well again a while later.
        await lab.waitFor(async () => fewestHealthy(await renewed(), nodes) >= RENEWALS, {
          timeout: 4 * MINUTE,
          interval: 1000,
          what: `every node to end its renewal ${RENEWALS} times`,
        });
      });
      return { ...roll, nodes: secondsPerNode(await renewed()) };
    });
    for (const count of Object.values(await renewals.look())) expect(count).toBeGreaterThanOrEqual(RENEWALS);
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    const title = `Renewals of certificates that are good for ${VALIDITY_SECONDS / 60} minutes`;
    const of = "test/lab/long/renewals.test.ts";
    const about = [
      "Three nodes with five jobs and the numbered stream. No job failed, and none restarted more often than nodes did.",
    ];
    console.log(`written: ${writeRollsRecord({ title, of, about, rolls: session.rolls, contents })}`);
  });
});
