import { X509Certificate } from "crypto";
import { readFileSync } from "fs";
import { leastCertificateValidity } from "../../../lib/cluster/certificate-validity";
import { CertificateRenewals } from "../../scenarios/certificate-renewals";
import { examineCertificates } from "../../scenarios/certificates-by-port/certificates-by-port";
import { readReports } from "../../scenarios/node-reports";
import { NODE_COUNT, RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** A cluster whose certificates come from a user's own authorities. It takes over half an hour: `make prove` alone runs it. */

const MINUTE = 60_000;
const VALIDITY = leastCertificateValidity(NODE_COUNT);
/** Each of a node's processes has one. */
const CERTIFICATES = 3 * NODE_COUNT;

jest.setTimeout(VALIDITY.toMilliseconds() + 20 * MINUTE);

describe("three nodes with certificates of AWS Private CA", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;

  beforeAll(async () => {
    lab = await Lab.start();
    session = new RollingSession(lab, { privateAuthorities: true, certificateValiditySeconds: VALIDITY.toSeconds() });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  /** Serial numbers of the certificates that nodes hold, by node. */
  const serials = async (): Promise<Record<string, string[]>> =>
    Object.fromEntries(
      (await readReports(session.deployment)).map(({ node, certificates }) => [
        node,
        certificates!.issued.map(({ serialNumber }) => serialNumber),
      ]),
    );

  /** How many certificates were asked for, of whomever. */
  const asked = (): number => readFileSync(lab.accessLog, "utf8").split('"IssueCertificate"').length - 1;

  step("applies: every node is healthy, and an operator comes in", async () => {
    await session.apply();
    // Terraform had those of the authorities themselves made, and the operator one.
    expect(asked()).toBe(CERTIFICATES + 4);
  });

  step("trusts the authority below the root, and not the root", async () => {
    for (const { certificates } of await readReports(session.deployment)) {
      expect(certificates!.issued).toHaveLength(3);
      const { subject, issuer } = new X509Certificate(certificates!.nodeAuthority);
      expect([subject, issuer]).toEqual(["O=Orders Ltd\nCN=nodes", "O=Orders Ltd\nCN=root"]);
    }
  });

  step("runs five jobs and the numbered stream", () => session.runJobs());

  step("takes on each port the certificates that the port table says, and no other", async () => {
    const { client, output } = session.deployment;
    for (const one of await examineCertificates(session.nodes, client, output.cluster_name)) {
      const { node, port, answers, expected, misfits, unclear } = one;
      const clean = { misfits: [], unclear: [] };
      expect({ node, port, ...answers, misfits, unclear }).toEqual({ node, port, ...expected, ...clean });
    }
  });

  step("boots with the certificates that it has: nobody is asked and nothing billed", async () => {
    const { deployment, nodes } = session;
    const before = { serials: await serials(), asked: asked() };
    const bootOf = async () => (await readReports(deployment)).find(({ node }) => node === nodes[0].name)!.bootId;
    const boot = await bootOf();
    await deployment.machine(nodes[0].name).reboot();
    const booted = async () => (await bootOf()) !== boot;
    await lab.waitFor(booted, { timeout: 5 * MINUTE, interval: 1000, what: "a report of the new boot" });
    await deployment.waitUntilHealthy(6);
    expect({ serials: await serials(), asked: asked() }).toEqual(before);
  });

  step("renews every node's certificates, and has no more made than it takes", async () => {
    const renewals = new CertificateRenewals(session.deployment);
    await renewals.look();
    const before = asked();
    await renewals.waitUntilEveryNodeRenewed(1, VALIDITY.toMilliseconds());
    await session.deployment.waitUntilHealthy(6);
    expect(asked()).toBe(before + CERTIFICATES);
  });

  step("has lost and doubled nothing", async () => {
    await session.endStream(1_000);
  });

  step("destroys; no packet left the lab, no permission was too much", () => session.destroy());
});
