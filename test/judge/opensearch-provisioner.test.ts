import { CheckpointBucket, FlinkNetwork, OpenSearchCluster } from "../../lib";
import { cluster } from "../cluster/support";
import { decide } from "../lab/judge/evaluate";
import { Bench, form, Sent } from "./bench";
import { ACCOUNT, policiesOf, REGION, statementsOfRole } from "./synthesized-account";

const PEOPLE = `arn:aws:iam::${ACCOUNT}:role/people`;

/** A domain in which the deploy gives jobs of a cluster their role of OpenSearch, and another one. */
const policies = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const flink = cluster(stack, { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") });
  const search = new OpenSearchCluster(stack, "search", { network });
  search.grantAdministration(PEOPLE);
  flink.writeTo(search.indices("orders-*"));
  const masterUserArn = `arn:aws:iam::${ACCOUNT}:role/search-admin`;
  new OpenSearchCluster(stack, "payments", { network, masterUserArn });
});
const bench = new Bench(policies);
const [administrator] = policies.roles.filter(({ name }) => /-administrator-/.test(name));
const ofFunction = policies.roles.find(({ name }) => name === bench.roleNamed("provisioner"))!;
const jobs = policies.roles.find(({ name }) => name === bench.roleNamed("job"))!;

const take = (RoleArn: string): Sent => form("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "s" });

describe("the role that administers a domain", () => {
  test("is taken on by the deploy's function", async () => {
    expect(await bench.outcome("provisioner", take(administrator.arn))).toBe("allowed");
  });

  test.each(["job", "machine"] as const)("is not taken on by a %s", async (who) => {
    expect(await bench.outcome(who, take(administrator.arn))).not.toBe("allowed");
  });

  test("is trusted to the function and to people who were named, and to nobody else", () => {
    expect(administrator.trust.Statement).toEqual([
      expect.objectContaining({ Principal: { AWS: [ofFunction.arn, PEOPLE] }, Action: "sts:AssumeRole" }),
    ]);
  });

  test("calls its own domain by every method, and nothing else", async () => {
    expect(statementsOfRole(administrator)).toHaveLength(1);
    const may = async (action: string, domain: string, path = "_plugins/_security/api/roles"): Promise<boolean> => {
      const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${administrator.name}/cdktf-flink-deploy`;
      const resource = `arn:aws:es:${REGION}:${ACCOUNT}:domain/${domain}${path && `/${path}`}`;
      const way = { from: "10.40.0.10", tls: true };
      const question = { action, resource, context: {} };
      return (await decide({ kind: "role session", sessionArn }, administrator, way, question, policies)).allowed;
    };
    for (const method of ["Get", "Put", "Post", "Delete"]) {
      expect(await may(`es:ESHttp${method}`, "stack-search")).toBe(true);
      expect(await may(`es:ESHttp${method}`, "stack-payments")).toBe(false);
    }
    for (const action of ["es:DeleteDomain", "es:UpdateDomainConfig"]) {
      expect(await may(action, "stack-search", "")).toBe(false);
    }
  });
});

test("the function takes on no other role", async () => {
  for (const role of policies.roles.filter(({ arn }) => arn !== administrator.arn)) {
    expect(await bench.outcome("provisioner", take(role.arn))).not.toBe("allowed");
  }
});

test("the function calls no domain as itself, and jobs hold nothing of its", () => {
  const actions = [ofFunction, jobs].map((role) => statementsOfRole(role).flatMap(({ Action }) => Action));
  expect(actions[0].filter((action) => String(action).startsWith("es:"))).toEqual([]);
  expect(actions[1].filter((action) => /^(es|sts|lambda):/.test(String(action)))).toEqual(["es:ESHttpPost"]);
});
