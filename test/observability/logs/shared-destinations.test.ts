import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing, TerraformStack } from "cdktf";
import {
  LogDestination,
  LogIntegration,
  LogIntegrationProps,
  OpenSearchAuthentication,
  OpenSearchCluster,
} from "../../../lib";
import { cluster, someNetwork } from "../../cluster/support";
import { synthesizeStack, testStack } from "../../support/synth";

const address = (host: string) =>
  LogDestination.openSearch({
    host,
    securityGroupId: "sg-0123456789abcdef0",
    authentication: OpenSearchAuthentication.basic({
      secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:log-writer-AbCdEf",
    }),
  });

/** Logs of one more cluster. */
function logsOf(stack: TerraformStack, name: string, given: Omit<LogIntegrationProps, "source">): LogIntegration {
  const source = cluster(stack, { nodeCount: 1, clusterName: `team-${name}` }, `flink-${name}`);
  return new LogIntegration(stack, name, { source, ...given });
}

const OTHERWISE =
  "stack/b: retentionDays is 14, but must be 3 as that of stack/a, whose lines lie in the same indices logs-…: give both the same retentionDays, or one of them another indexPrefix";

describe("clusters that share indices", () => {
  test("keep them equally long in a domain of one's own", () => {
    const stack = testStack();
    const search = new OpenSearchCluster(stack, "search", { network: someNetwork(stack) });
    const destination = LogDestination.openSearchCluster(search);
    logsOf(stack, "a", { destination });
    expect(() => logsOf(stack, "b", { destination, retentionDays: 14 })).toThrow(OTHERWISE);
  });

  test("keep them equally long at an address, also by two objects that name it", () => {
    const stack = testStack();
    logsOf(stack, "a", { destination: address("search.example.internal") });
    expect(() => logsOf(stack, "b", { destination: address("search.example.internal"), retentionDays: 14 })).toThrow(
      OTHERWISE,
    );
  });

  test("are not those of another prefix or another OpenSearch, nor those that are kept equally long", () => {
    const stack = testStack();
    const destination = address("search.example.internal");
    logsOf(stack, "a", { destination });
    logsOf(stack, "b", { destination, retentionDays: 14, indexPrefix: "others" });
    logsOf(stack, "c", { destination: address("other.example.internal"), retentionDays: 14 });
    logsOf(stack, "d", { destination, retentionDays: 3 });
    expect(() => synthesizeStack(stack)).not.toThrow();
  });
});

test("an index template of the name of that for logs is refused with a way out", () => {
  const stack = testStack();
  const search = new OpenSearchCluster(stack, "search", { network: someNetwork(stack) });
  search.addIndexTemplate("logs-lines", { patterns: ["lines-*"], mappings: "{}" });
  expect(() => logsOf(stack, "a", { destination: LogDestination.openSearchCluster(search) })).toThrow(
    'stack/a: the name of the index template for logs is "logs-lines", but must be one that nothing else of the program gives to an index template of this domain: give the other index template another name, or set another indexPrefix of the logs',
  );
});

describe("a log group", () => {
  const destination = () => LogDestination.cloudWatch({ logGroupName: "/flink/all" });

  test("is made once", () => {
    const stack = testStack();
    logsOf(stack, "a", { destination: destination() });
    expect(() => logsOf(stack, "b", { destination: destination() })).toThrow(
      /^stack\/b: logGroupName of LogDestination.cloudWatch is "\/flink\/all", but must be a name that no other log group of the account and region has, and stack\/a\/LogGroup\/Resource has it: set another logGroupName, or "\/flink\/all" as existingLogGroupName to share that one$/,
    );
  });

  test("is not made beside one of the user's own", () => {
    const stack = testStack();
    new CloudwatchLogGroup(stack, "mine", { name: "/flink/team-orders" });
    expect(() => logsOf(stack, "orders", { destination: LogDestination.cloudWatch() })).toThrow("stack/mine has it");
  });

  test("may have the name of one in another region", () => {
    const app = Testing.app();
    const inRegion = (region: string) => {
      const stack = new TerraformStack(app, region);
      new AwsProvider(stack, "aws", { region });
      return stack;
    };
    logsOf(inRegion("eu-west-1"), "a", { destination: destination() });
    expect(() => logsOf(inRegion("us-east-1"), "b", { destination: destination() })).not.toThrow();
  });

  test("of which one cluster is the owner is shared by others", () => {
    const stack = testStack();
    logsOf(stack, "a", { destination: destination() });
    logsOf(stack, "b", { destination: LogDestination.cloudWatch({ existingLogGroupName: "/flink/all" }) });
    expect(() => synthesizeStack(stack)).not.toThrow();
  });
});
