import { AcmpcaCertificateAuthority } from "@cdktf/provider-aws/lib/acmpca-certificate-authority";
import { FlinkCluster, FlinkNetwork, PrivateAuthorities } from "../../lib";
import { Block } from "../support/synthesized";
import { statements, Synthesized, synthesize, testStack } from "../support/synth";
import { cluster, desiredState, NETWORK_ATTRIBUTES } from "./support";

const ARN = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-45678900000";
const PRIVATE: PrivateAuthorities = { nodeAuthorityArn: `${ARN}1`, clientAuthorityArn: `${ARN}2` };

const synthesized = (): Synthesized =>
  synthesize((stack) => cluster(stack, { network: new FlinkNetwork(stack, "own"), privateAuthorities: PRIVATE }));

describe("a cluster with authorities of AWS Private CA", () => {
  test("makes none of its own, and tells its nodes the two", () => {
    const made = synthesized();
    const keys = made.all("aws_kms_key");
    expect(keys.filter(({ key_usage }) => key_usage === "SIGN_VERIFY")).toEqual([]);
    expect(made.all("aws_kms_alias").filter(({ name }) => /authority/.test(name as string))).toEqual([]);
    expect(desiredState(made).certificates).toMatchObject(PRIVATE);
  });

  test("may have the node authority make certificates of one kind, and read both", () => {
    const policies = synthesized().all("aws_iam_role_policy");
    const found = policies
      .flatMap(({ policy }) => Object.values(statements(policy)))
      .filter(({ Action }) => (Action as string[]).some((action) => /^(acm-pca|kms:(Sign|GetPublicKey))/.test(action)));
    expect(found).toEqual([
      {
        Sid: "IssueForNodes",
        Effect: "Allow",
        Action: ["acm-pca:IssueCertificate"],
        Resource: [PRIVATE.nodeAuthorityArn],
        Condition: {
          StringEquals: {
            "acm-pca:TemplateArn": expect.stringMatching(
              /^arn:\$\{.*partition\}:acm-pca:::template\/EndEntityCertificate\/V1$/,
            ) as string,
          },
        },
      },
      {
        Sid: "GetIssued",
        Effect: "Allow",
        Action: ["acm-pca:GetCertificate"],
        Resource: [PRIVATE.nodeAuthorityArn],
      },
      {
        Sid: "ReadAuthorities",
        Effect: "Allow",
        Action: ["acm-pca:GetCertificateAuthorityCertificate"],
        Resource: [PRIVATE.nodeAuthorityArn, PRIVATE.clientAuthorityArn],
      },
    ]);
  });

  test("reaches them through an endpoint of the network, which lets the nodes in", () => {
    const made = synthesized();
    const name = ({ tags }: Block): string => (tags as { Name: string }).Name;
    const services = made.all("aws_vpc_endpoint").map(({ service_name }) => service_name as string);
    expect(services.filter((service) => /\.acm-pca$/.test(service))).toHaveLength(1);
    expect(services.filter((service) => /\.kms$/.test(service))).toEqual([]);
    expect(made.all("aws_vpc_security_group_egress_rule").map(name)).toContain("nodes-to-endpoint-acm-pca");
    expect(made.all("aws_vpc_security_group_ingress_rule").map(name)).toContain("endpoint-acm-pca-from-nodes");
  });

  test("holds its name in the account before anything of it is created, and says where its bucket is", () => {
    const made = synthesized();
    const [[id, group]] = Object.entries(made.resources("aws_resourcegroups_group"));
    expect(group).toMatchObject({ name: "cdktf-flink-orders", tags: { "cdktf-flink-bucket": "some-checkpoints" } });
    const claiming = [made.single("aws_s3_object"), ...made.all("aws_instance")];
    expect(claiming).toHaveLength(4);
    for (const { depends_on: dependsOn } of claiming) {
      expect(dependsOn).toContain(`aws_resourcegroups_group.${id}`);
    }
  });

  test("cannot be given others later while it is protected", () => {
    const [fixed] = synthesized()
      .all("terraform_data")
      .filter(({ triggers_replace: values }) => (values as Block | undefined)?.node_authority !== undefined);
    expect(fixed).toMatchObject({
      triggers_replace: { node_authority: PRIVATE.nodeAuthorityArn, client_authority: PRIVATE.clientAuthorityArn },
      lifecycle: { prevent_destroy: true },
    });
  });

  test("names them in its output, and is taken over by them", () => {
    const made = synthesize((stack) => {
      const { nodeAuthorityArn, clientAuthorityArn } = cluster(stack, { privateAuthorities: PRIVATE });
      const existing = FlinkCluster.fromFlinkClusterAttributes(stack, "existing", {
        clusterName: "orders",
        restAddresses: ["https://node-1.orders.flink.internal:8081"],
        clientSecurityGroupId: "sg-0123456789abcdef0",
        jobRoleName: "orders-job-1",
        checkpointBucketName: "some-checkpoints",
        nodeAuthorityArn,
        clientAuthorityArn,
      });
      expect(existing).toMatchObject(PRIVATE);
    });
    expect((made.json.output as Record<string, { value: Block }>).orders.value).toMatchObject({
      node_authority_arn: PRIVATE.nodeAuthorityArn,
      client_authority_arn: PRIVATE.clientAuthorityArn,
    });
  });

  test("is refused beside another one with the same resource's ARN, which is another text each time", () => {
    const stack = testStack();
    const made = new AcmpcaCertificateAuthority(stack, "authority", {
      certificateAuthorityConfiguration: { keyAlgorithm: "RSA_2048", signingAlgorithm: "SHA256WITHRSA", subject: {} },
    });
    const again = () => ({ nodeAuthorityArn: made.arn, clientAuthorityArn: PRIVATE.clientAuthorityArn });
    expect(made.arn).not.toBe(made.arn);
    cluster(stack, { privateAuthorities: { ...again(), clientAuthorityArn: `${ARN}3` }, clusterName: "orders" }, "a");
    expect(() => cluster(stack, { privateAuthorities: again(), clusterName: "payments" }, "b")).toThrow(
      "stack/a has it",
    );
  });

  test("makes the endpoint in a network of others that has none", () => {
    const made = synthesize((stack) => {
      const attributes = { ...NETWORK_ATTRIBUTES, interfaceEndpoints: { kms: "sg-00000000000000443" } };
      const network = FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", attributes);
      cluster(stack, { network, privateAuthorities: PRIVATE });
    });
    const services = made.all("aws_vpc_endpoint").map(({ service_name }) => service_name as string);
    expect(services.sort()).toEqual([expect.stringMatching(/\.acm-pca$/), expect.stringMatching(/\.sts$/)]);
  });

  test.each<[string, PrivateAuthorities]>([
    ["the same node authority", { ...PRIVATE, clientAuthorityArn: `${ARN}3` }],
    ["the same client authority", { ...PRIVATE, nodeAuthorityArn: `${ARN}3` }],
    ["them the other way round", { nodeAuthorityArn: `${ARN}2`, clientAuthorityArn: `${ARN}1` }],
  ])("is refused beside another one with %s", (_, privateAuthorities) => {
    const stack = testStack();
    cluster(stack, { privateAuthorities: PRIVATE, clusterName: "orders" }, "a");
    expect(() => cluster(stack, { privateAuthorities, clusterName: "payments" }, "b")).toThrow(
      /^stack\/b: privateAuthorities\.(node|client)AuthorityArn is .*, but must be an authority that no other cluster has, and stack\/a has it/,
    );
  });
});
