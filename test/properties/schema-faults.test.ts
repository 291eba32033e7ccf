import { synthesize } from "../support/synth";
import { Block } from "../support/synthesized";
import { CheckpointBucket } from "../../lib";
import { outcomeOf } from "./outcome";
import { storedProviderSchema } from "./provider-schema";
import { schemaFaults } from "./schema-faults";
import { kindsInLib } from "./terraform-schema";

const schema = storedProviderSchema();

test("the stored schema is of what lib makes: test/properties/write-provider-schema.ts writes it", () => {
  const { resources, data } = kindsInLib();
  expect(Object.keys(schema.resources).sort()).toEqual(resources.sort());
  expect(Object.keys(schema.data).sort()).toEqual(data.sort());
});

test("what a construct makes is valid", () => {
  const { json } = synthesize((stack) => new CheckpointBucket(stack, "checkpoints"));
  expect(Object.keys(json.resource!)).toContain("aws_s3_bucket");
  expect(schemaFaults(json, schema)).toEqual([]);
});

/** One bucket, but for what is changed of it. */
const bucket = (changed: Block): Block => ({ resource: { aws_s3_bucket: { b: { bucket: "abc", ...changed } } } });
const volume = (changed: Block): Block => ({
  resource: { aws_ebs_volume: { v: { availability_zone: "eu-west-1a", size: 8, ...changed } } },
});
const lifecycle = (changed: Block): Block => ({
  resource: {
    aws_s3_bucket_versioning: { v: { bucket: "abc", versioning_configuration: { status: "Enabled" }, ...changed } },
  },
});

test.each<[string, Block, string[]]>([
  ["nothing", bucket({}), []],
  ["an attribute that there is none of", bucket({ buckets: "x" }), ["aws_s3_bucket.b.buckets is in no schema"]],
  ["an attribute of another type", volume({ size: "8" }), ['aws_ebs_volume.v.size is "8" and no "number"']],
  ["text for true", bucket({ force_destroy: "true" }), ['aws_s3_bucket.b.force_destroy is "true" and no "bool"']],
  ["an expression for a number", volume({ size: "${8}" }), []],
  ["a number in a map of texts", bucket({ tags: { a: 1 } }), ['aws_s3_bucket.b.tags.a is 1 and no "string"']],
  ["a required attribute", volume({ availability_zone: null }), ["aws_ebs_volume.v.availability_zone is missing"]],
  ["what the provider says", volume({ arn: "x" }), ["aws_ebs_volume.v.arn is the provider's to say"]],
  [
    "a block",
    { resource: { aws_s3_bucket_versioning: { v: { bucket: "abc" } } } },
    ["aws_s3_bucket_versioning.v.versioning_configuration is missing"],
  ],
  [
    "a block twice",
    lifecycle({ versioning_configuration: [{ status: "Enabled" }, { status: "Enabled" }] }),
    ["aws_s3_bucket_versioning.v.versioning_configuration stands there 2 times"],
  ],
  [
    "an attribute of a block",
    lifecycle({ versioning_configuration: { state: "x" } }),
    [
      "aws_s3_bucket_versioning.v.versioning_configuration[0].state is in no schema",
      "aws_s3_bucket_versioning.v.versioning_configuration[0].status is missing",
    ],
  ],
  ["a type", { resource: { aws_bucket: { b: {} } } }, ["aws_bucket.b: the schema has no aws_bucket"]],
  ["a part", { resources: {} }, ["resources is no part of a configuration"]],
  ["what is referred to", bucket({ bucket: "a-${aws_vpc.v.id}" }), ["aws_vpc.v.id is referred to and does not exist"]],
  [
    "the attribute that is referred to",
    { ...volume({}), output: { v: { value: "${aws_ebs_volume.v.name}" } } },
    ["aws_ebs_volume.v.name is referred to, and aws_ebs_volume has no name"],
  ],
  ["a text that only looks like a reference", bucket({ bucket: "$${aws_vpc.v.id}" }), []],
])("a configuration without %s", (_, configuration, faults) => {
  expect(schemaFaults(configuration, schema)).toEqual(faults);
});

test("what throws in words of its own is neither a configuration nor a sentence", () => {
  const outcome = outcomeOf({ call: "Peer.nothing", arguments: [] }, schema);
  expect(outcome.kind).toBe("neither");
  expect(outcomeOf({ call: "Peer.cidr", arguments: [{ plain: "0.0.0.0/0" }] }, schema).kind).toBe("refused");
  expect(outcomeOf({ call: "Peer.cidr", arguments: [{ plain: "10.0.0.0/8" }] }, schema).kind).toBe("synthesized");
});
