import { Construct } from "constructs";
import { TerraformVariable, Testing } from "cdktf";
import { AwsAccount } from "../../../lib/core/terraform/aws-account";
import { nameOfPlace, namePrefix, nameTag } from "../../../lib/core/terraform/names";
import { escapeTerraformText, requireKnown } from "../../../lib/core/terraform/text";
import { synthesizeStack, testStack } from "../../support/synth";

describe("escapeTerraformText", () => {
  test.each([
    ["${x}", "$${x}"],
    ["%{if x}", "%%{if x}"],
    ["$${x}", "$$${x}"],
    ["$x {y} %z $$ %%", "$x {y} %z $$ %%"],
  ])("%s becomes %s", (text, escaped) => expect(escapeTerraformText(text)).toBe(escaped));

  test("leaves tokens alone", () => {
    const token = new TerraformVariable(testStack(), "v", {}).stringValue;
    expect(escapeTerraformText(`a ${token} \${b}`)).toBe(`a ${token} $\${b}`);
  });
});

test("requireKnown refuses tokens of every type and nothing else", () => {
  const variable = new TerraformVariable(testStack(), "v", {});
  for (const token of [variable.stringValue, variable.numberValue, variable.listValue]) {
    expect(() => requireKnown("prop", token, "it shapes the plan")).toThrow(
      "prop is a value known only when Terraform runs, but must be known when the program runs: it shapes the plan",
    );
  }
  for (const known of ["x", 1, ["x"], undefined]) expect(() => requireKnown("prop", known, "")).not.toThrow();
});

describe("names", () => {
  const at = (...ids: string[]) =>
    ids.slice(1).reduce<Construct>((scope, id) => new Construct(scope, id), testStack(ids[0]));

  test.each([
    [["streaming", "network"], 38, "streaming-network-"],
    [["streaming", "network", "Resource"], 38, "streaming-network-"],
    [["streaming", "checkpoints", "AccessLogs", "Bucket"], 37, "checkpoints-accesslogs-bucket-"],
    [["a", "x".repeat(60)], 38, `${"x".repeat(37)}-`],
    [["7", "8"], 38, "flink-"],
    [["My.stack", "Ä ${x}"], 38, "my-stack-x-"],
  ])("%j in %i characters: %s", (ids, length, prefix) => expect(namePrefix(at(...ids), length)).toBe(prefix));

  test.each([
    [["sinks", "search"], 12, "sinks-search"],
    [["the-company-of-the-team-one", "search"], 28, "search"],
    [["streaming-of-the-company", "orders", "sinks", "search"], 28, "orders-sinks-search"],
    [["sinks", `${"x".repeat(40)}a`], 28, "x".repeat(28)],
    [["sinks", `${"x".repeat(27)}-search`], 28, "x".repeat(27)],
  ])(
    "the name of the place %j in %i characters is %s, now and later, as another would make its system anew",
    (ids, length, name) => expect(nameOfPlace(at(...ids), length)).toBe(name),
  );

  test("a tag holds what AWS takes, and the end of a long path", () => {
    expect(nameTag(at("streaming", 'n"${x}\n'), "-1")).toBe("streaming/n---x---1");
    const long = nameTag(at("s", "x".repeat(300), "end"), "-s3");
    expect(long).toHaveLength(256);
    expect(long).toMatch(/x\/end-s3$/);
  });
});

test("AwsAccount is one per stack and reads only what is used", () => {
  const app = Testing.app();
  const stack = testStack("one", app);
  const scope = new Construct(stack, "deep");
  expect(AwsAccount.of(scope)).toBe(AwsAccount.of(stack));
  expect(AwsAccount.of(testStack("two", app))).not.toBe(AwsAccount.of(stack));
  for (const asker of [scope, stack]) expect(AwsAccount.of(asker).region).toMatch(/TfToken/);
  const synthesized = synthesizeStack(stack);
  expect(synthesized.data("aws_region")).toHaveLength(1);
  expect(synthesized.data("aws_caller_identity")).toHaveLength(0);
});
