import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Duration } from "../../lib";
import { PrivateCa, PrivateCaError } from "../../lib/core/private-ca/private-ca";
import type { PrivateCaTemplate } from "../../lib/core/private-ca/private-ca-arn";
import { issueByRequest } from "../../lib/core/x509/leaf";
import { PrivateClusterAuthorities } from "../../lib/encryption/private-cluster-authorities";
import { addAuthority, addPrivateAuthorities, newAuthority } from "../support/private-authorities";
import { synthesize } from "../support/synth";
import { REGION } from "./clients";
import { Workspace } from "./workspace";

jest.setTimeout(120_000);

const HOUR = 3_600;
const credentials = () => Promise.resolve({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "example" });

describe("authorities of AWS Private CA that Terraform made", () => {
  let workspace: Workspace;
  let service: PrivateCa;
  let arns: Record<"nodeAuthorityArn" | "clientAuthorityArn" | "shortLived" | "withoutCertificate", string>;
  let nodes: string;
  let clients: string;

  /** A user's program that has the authorities, and more. */
  function write(more: (stack: TerraformStack) => void = () => undefined): void {
    const { json } = synthesize((stack) => {
      const authorities = {
        ...addPrivateAuthorities(stack),
        shortLived: addAuthority(stack, "short", undefined, "SHORT_LIVED_CERTIFICATE").arn,
        withoutCertificate: newAuthority(stack, "bare", "ROOT").arn,
      };
      for (const [name, value] of Object.entries(authorities)) {
        new TerraformOutput(stack, name, { value }).overrideLogicalId(name);
      }
      more(stack);
    });
    writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(json));
  }

  beforeAll(async () => {
    workspace = await Workspace.create();
    write();
    await workspace.terraform.init();
    await workspace.terraform.apply();
    arns = await workspace.terraform.output();
    [nodes, clients] = [arns.nodeAuthorityArn, arns.clientAuthorityArn];
    service = new PrivateCa({ endpoint: workspace.endpoint, credentials });
  }, 300_000);

  afterAll(() => workspace?.remove());

  function issue(arn: string, template: PrivateCaTemplate, validitySeconds = HOUR) {
    const request = {
      subject: { organization: "orders", unit: "jobmanager", commonName: "orders-node-1" },
      hosts: ["node-1.orders.flink.internal"],
      addresses: ["10.40.0.11"],
      serverAuth: true,
      validitySeconds,
    };
    return issueByRequest(
      request,
      async (csr, validity) => service.collect(arn, await service.order(arn, csr, validity, template)),
      new Date(),
    );
  }

  test("tell their own certificate, and those above it", async () => {
    const chain = await service.chain(nodes);
    expect(chain.map(({ subject }) => subject)).toEqual(["O=Orders Ltd\nCN=nodes", "O=Orders Ltd\nCN=root"]);
    expect(chain[0].ca).toBe(true);
    expect(chain[0].verify(chain[1].publicKey)).toBe(true);
    const [clientAuthority] = await service.chain(clients);
    expect(clientAuthority.verify(chain[0].publicKey)).toBe(false);
  });

  test.each<[PrivateCaTemplate, string[]]>([
    ["EndEntityCertificate", ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]],
    ["EndEntityClientAuthCertificate", ["1.3.6.1.5.5.7.3.2"]],
  ])(
    "make a certificate of %s of a signing request, for the key and the time that were asked",
    async (template, uses) => {
      const now = Date.now();
      const { certificate, key } = await issue(nodes, template);
      const [authority] = await service.chain(nodes);
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkPrivateKey(key)).toBe(true);
      expect(certificate.ca).toBe(false);
      expect(certificate.keyUsage).toEqual(uses);
      expect(certificate.subject).toBe("O=orders\nOU=jobmanager\nCN=orders-node-1");
      expect(certificate.subjectAltName).toBe("DNS:node-1.orders.flink.internal, IP Address:10.40.0.11");
      expect(lifeOf(certificate)).toBeCloseTo(HOUR + 300, -1);
      expect(Date.parse(certificate.validFrom)).toBeLessThan(now);
    },
  );

  test("refuse a certificate that would outlive their own, in a sentence that comes through", async () => {
    const refused = await issue(nodes, "EndEntityCertificate", 6 * 365 * 24 * HOUR).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PrivateCaError);
    expect(refused).toMatchObject({
      code: "ValidationException",
      message: expect.stringContaining("exceeds") as string,
    });
  });

  test("that are not there are refused by their code", async () => {
    const nobody = nodes.replace(/[0-9a-f]{12}$/, "000000000000");
    await expect(service.chain(nobody)).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  });

  describe("and a cluster that names them", () => {
    const plan = (changes: Partial<typeof arns>, certificateValidity = Duration.days(90)) => {
      write((stack) => {
        new PrivateClusterAuthorities(stack, "named", { authorities: { ...arns, ...changes }, certificateValidity });
      });
      return workspace.terraform.planActions();
    };

    test("is planned, and nothing of them changes", async () => {
      expect(await plan({})).toEqual({});
      expect(await plan({ nodeAuthorityArn: arns.shortLived }, Duration.days(6))).toEqual({});
    });

    test.each<[string, () => Partial<typeof arns>, Duration | undefined, string]>([
      [
        "of which one has no certificate",
        () => ({ clientAuthorityArn: arns.withoutCertificate }),
        undefined,
        "is not active",
      ],
      ["that end before its certificates would", () => ({}), Duration.days(6 * 365), "ends before one would"],
      [
        "for short-lived certificates",
        () => ({ nodeAuthorityArn: arns.shortLived }),
        Duration.days(7),
        "certificateValidity at most 604500 seconds",
      ],
      ["of which both are one", () => ({ clientAuthorityArn: nodes }), undefined, "is the node authority, too"],
      [
        "of another region",
        () => ({ nodeAuthorityArn: nodes.replace(REGION, "eu-west-2") }),
        undefined,
        "not of the region",
      ],
      [
        "of another account",
        () => ({ nodeAuthorityArn: nodes.replace(/\d{12}(?=:)/, "210987654321") }),
        undefined,
        "not of the account",
      ],
    ])("is refused by the plan where they are %s", async (_, changes, validity, sentence) => {
      const error = await plan(changes(), validity).then(
        () => new Error("the plan was made"),
        (failure: Error) => failure,
      );
      expect(error.message.replace(/[\s│]+/g, " ")).toContain(sentence);
    });
  });

  test("are destroyed", async () => {
    write();
    await workspace.terraform.destroy();
  });
});

function lifeOf({ validFrom, validTo }: X509Certificate): number {
  return (Date.parse(validTo) - Date.parse(validFrom)) / 1000;
}
