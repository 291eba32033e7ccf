import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";
import { KafkaCluster, OpenSearchCluster, PostgreSqlCluster } from "../../lib";
import { someNetwork } from "../cluster/support";

const SYSTEMS = [
  [
    "clusterName",
    "Kafka cluster",
    (stack: TerraformStack, id: string, name?: string) =>
      new KafkaCluster(stack, id, { network: someNetwork(stack, `${id}-network`), clusterName: name }),
  ],
  [
    "instanceIdentifier",
    "database",
    (stack: TerraformStack, id: string, name?: string) =>
      new PostgreSqlCluster(stack, id, {
        ...{ network: someNetwork(stack, `${id}-network`), databaseName: "company" },
        instanceIdentifier: name,
      }),
  ],
  [
    "domainName",
    "domain",
    (stack: TerraformStack, id: string, name?: string) =>
      new OpenSearchCluster(stack, id, {
        ...{ network: someNetwork(stack, `${id}-network`), domainName: name },
        masterUserArn: "arn:aws:iam::123456789012:role/search-admin",
      }),
  ],
] as const;

function stackIn(app: App, id: string, region = "eu-west-1", allowedAccountIds?: string[]): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region, allowedAccountIds });
  return stack;
}

describe.each(SYSTEMS)("%s", (property, kind, make) => {
  test("is refused where another one of the program has it, in the same stack and in another", () => {
    const app = Testing.app();
    const stack = stackIn(app, "one");
    make(stack, "first", "orders");
    const sentence = (path: string) =>
      `${path}: ${property} is "orders", but must be a name that no other ${kind} of the account and region has, and one/first has it: give one of the two another ${property}; where they go to different accounts, set allowedAccountIds of their stacks' AWS providers`;
    expect(() => make(stack, "second", "orders")).toThrow(sentence("one/second"));
    expect(() => make(stackIn(app, "two"), "third", "orders")).toThrow(sentence("two/third"));
  });

  test("is taken where it goes to another region or account, and where it is another one", () => {
    const app = Testing.app();
    make(stackIn(app, "one"), "first", "orders");
    make(stackIn(app, "two", "us-east-1"), "second", "orders");
    make(stackIn(app, "three", "eu-west-1", ["210987654321"]), "third", "orders");
    make(stackIn(app, "four"), "fourth", "clicks");
  });

  test("is refused where two places are too long and what is left of them is alike", () => {
    const stack = stackIn(Testing.app(), "company");
    make(stack, `${"x".repeat(70)}a`);
    expect(() => make(stack, `${"x".repeat(70)}b`)).toThrow(
      new RegExp(
        `${property} is "x+", but must be a name that no other ${kind} of .* give one of the two another ${property}`,
      ),
    );
  });
});

test("systems of different kinds may have one name", () => {
  const stack = stackIn(Testing.app(), "one");
  SYSTEMS.forEach(([, , make], index) => make(stack, `system-${index}`, "orders"));
});
