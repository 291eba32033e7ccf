import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { FlinkCluster, Peer } from "../../lib";
import { findings } from "../rules/findings";
import { synthesize, type Synthesized } from "../support/synth";
import { cluster } from "./support";

interface Statement {
  readonly Sid: string;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: object;
}

const PRIVATE_CA = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-45678901234";

function operators(synthesized: Synthesized): { readonly role: unknown; readonly statements: Statement[] }[] {
  return synthesized
    .all("aws_iam_role_policy")
    .filter(({ name }) => name === "orders-operate")
    .map(({ role, policy }) => ({
      role,
      statements: (JSON.parse(policy as string) as { Statement: Statement[] }).Statement,
    }));
}

const orders = { clusterName: "orders" };

test("a role that may operate a cluster may do just what the command line asks for", () => {
  const synthesized = synthesize((stack) => cluster(stack, orders).grantOperate("operators"));
  const [{ role, statements }] = operators(synthesized);
  expect(role).toBe("operators");
  expect(Object.fromEntries(statements.map(({ Sid, Action }) => [Sid, Action]))).toEqual({
    FindBucket: ["resource-groups:GetGroup", "resource-groups:GetTags"],
    ReadState: ["s3:GetObject"],
    ListState: ["s3:ListBucket"],
    BucketKey: ["kms:Decrypt"],
    SignForOperators: ["kms:Sign"],
    ReadAuthorities: ["kms:GetPublicKey"],
    FindClients: ["ec2:DescribeInstances"],
    ReadConsoles: ["ec2:GetConsoleOutput"],
    TunnelByClients: ["ssm:StartSession"],
    NoShell: ["ssm:StartSession"],
    CarryOwnSessions: ["ssmmessages:OpenDataChannel"],
    EndOwnSessions: ["ssm:ResumeSession", "ssm:TerminateSession"],
  });
  expect(findings(synthesized)).toEqual([]);
});

test("it reads the reports, the desired state and the lock of this one cluster, and nothing that jobs keep", () => {
  const [{ statements }] = operators(synthesize((stack) => cluster(stack, orders).grantOperate("operators")));
  const { Resource } = statements.find(({ Sid }) => Sid === "ReadState")!;
  expect(
    Resource.map((arn) =>
      arn
        .split("}/")
        .at(-1)!
        .split(":::")
        .at(-1)!
        .replace(/^[^/]*\/(?=reports|desired|rolls)/, ""),
    ),
  ).toEqual([...["reports/orders/*", "desired-state/orders.json", "rolls/orders/lock.json"]]);
  // What lies there is not read by that.
  expect(statements.find(({ Sid }) => Sid === "ListState")!.Condition).toEqual({
    StringLikeIfExists: { "s3:prefix": ["reports/orders/*", "checkpoints/orders/*"] },
  });
});

test("its tunnels lead by machines that are tagged as the cluster's clients, and by one document", () => {
  const [{ statements }] = operators(synthesize((stack) => cluster(stack, orders).grantOperate("operators")));
  const of = (sid: string): Statement => statements.find(({ Sid }) => Sid === sid)!;
  expect(of("TunnelByClients").Condition).toEqual({
    StringEquals: { [`ssm:resourceTag/${FlinkCluster.CLIENT_TAG}`]: "orders" },
    BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
  });
  expect(of("NoShell").Resource).toEqual([
    expect.stringMatching(/:ssm:.*::document\/AWS-StartPortForwardingSessionToRemoteHost$/),
  ]);
  // It is about shells that are begun without the name of a document, and holds where no statement is without it.
  const beginning = statements.filter(({ Action }) => Action.includes("ssm:StartSession"));
  expect(beginning.map(({ Condition }) => Condition)).toEqual(
    beginning.map(() => expect.objectContaining({ BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } })),
  );
  // Terraform reads two dollar signs as one.
  expect(of("EndOwnSessions").Condition).toEqual({
    StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": ["$${aws:userid}"] },
  });
});

test("it has certificates of AWS Private CA made as clients alone, where the authorities are there", () => {
  const privateAuthorities = { nodeAuthorityArn: `${PRIVATE_CA}1`, clientAuthorityArn: `${PRIVATE_CA}2` };
  const [{ statements }] = operators(
    synthesize((stack) => cluster(stack, { ...orders, privateAuthorities }).grantOperate("operators")),
  );
  const issue = statements.find(({ Sid }) => Sid === "IssueForOperators")!;
  expect(issue).toMatchObject({ Action: ["acm-pca:IssueCertificate"], Resource: [`${PRIVATE_CA}2`] });
  expect(JSON.stringify(issue.Condition)).toContain("template/EndEntityClientAuthCertificate/V1");
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith("kms:"))).toEqual([
    "kms:Decrypt",
  ]);
});

test("a role that is named twice has it once, and one that the program makes has it too", () => {
  const synthesized = synthesize((stack) => {
    const flink = cluster(stack, orders);
    const { name } = new IamRole(stack, "people", { assumeRolePolicy: "{}" });
    for (const role of ["operators", "operators", name]) flink.grantOperate(role);
  });
  expect(operators(synthesized).map(({ role }) => role)).toEqual(["${aws_iam_role.people.name}", "operators"]);
});

test.each(["jobRoleName", "nodeRoleName"] as const)("the role of jobs and of machines gets none: %s", (name) => {
  expect(() =>
    synthesize((stack) => {
      const flink = cluster(stack, orders);
      flink.grantOperate(flink[name]);
    }),
  ).toThrow(/roleName is .*, but must be a role of people: .*: name the role that your operators take/);
});

describe("access", () => {
  const synthesized = synthesize((stack) =>
    cluster(stack, {
      access: [
        ...[Peer.cidr("10.9.0.0/16"), Peer.securityGroup("sg-0123456789abcdef0")],
        Peer.prefixList("pl-0123456789abcdef0"),
      ],
    }),
  );
  const rules = synthesized
    .all("aws_vpc_security_group_ingress_rule")
    .filter(({ description }) => description === "Clients, as access of the cluster says");

  test("lets each peer call the REST API and nothing else", () => {
    expect(
      rules.map(({ cidr_ipv4, referenced_security_group_id, prefix_list_id, from_port }) => [
        cidr_ipv4 ?? referenced_security_group_id ?? prefix_list_id,
        from_port,
      ]),
    ).toEqual([
      ["10.9.0.0/16", 8081],
      ["pl-0123456789abcdef0", 8081],
      ["sg-0123456789abcdef0", 8081],
    ]);
    expect(findings(synthesized)).toEqual([]);
  });

  test("has the plan look into a prefix list", () => {
    const { lifecycle } = rules.find(({ prefix_list_id }) => prefix_list_id) as {
      lifecycle: { precondition: { condition: string }[] };
    };
    const [{ condition }] = lifecycle.precondition;
    expect(condition).toMatch(/^\$\{alltrue\(\[for entry in data\.aws_ec2_managed_prefix_list\.[\w-]+\.entries : /);
    const pattern = new RegExp(/regex\("(.*)", entry/.exec(condition)![1]);
    const isPrivate = (cidr: string): boolean => pattern.test(cidr);
    expect(["10.0.0.0/8", "10.1.2.3/32", "172.16.0.0/12", "172.31.9.0/24", "192.168.0.0/16"].every(isPrivate)).toBe(
      true,
    );
    expect(
      ["0.0.0.0/0", "10.0.0.0/7", "172.0.0.0/8", "172.16.0.0/11", "172.32.0.0/16", "192.168.0.0/15", "192.169.0.0/16"]
        .concat("1.10.0.0/16", "8.8.8.8/32", "::/0", "2001:db8::/32", "110.0.0.0/8", "100.64.0.0/10")
        .filter(isPrivate),
    ).toEqual([]);
  });
});
