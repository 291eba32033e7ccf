import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { desiredStateKey } from "../../lib/core/bucket-layout";
import { type Ended, runCommand } from "./run-command";
import { jsonError, PlayedAws, type Reply, type Service, xmlError } from "./played-aws";

let aws: PlayedAws;
let folder: string;

beforeAll(async () => {
  aws = await PlayedAws.start();
  folder = mkdtempSync(path.join(tmpdir(), "cluster-options-"));
});
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  aws.reset();
  aws.groups.set("cdktf-flink-orders", { team: "streaming", "cdktf-flink-bucket": "some-bucket" });
  aws.objects.set(desiredStateKey("orders"), JSON.stringify({ nodes: [{ name: "orders-node-1" }] }));
});

const status = (...args: string[]): Promise<Ended> => runCommand(["status", "--json", ...args], aws.environment);
/** What `status` ends with once it has found a cluster of which no node has reported. */
const FOUND = { code: 1, stderr: expect.stringMatching(/^cdktf-flink: the cluster \w+ is not up: /) };
const failed = (sentence: string | RegExp, code = 1) => ({
  code,
  stdout: "",
  stderr: typeof sentence === "string" ? `cdktf-flink: ${sentence}\n` : expect.stringMatching(sentence),
});

describe("a cluster is found", () => {
  const outputFile = (outputs: unknown): string => {
    const file = path.join(folder, "outputs.json");
    writeFileSync(file, typeof outputs === "string" ? outputs : JSON.stringify(outputs));
    return file;
  };
  const output = (name: string, region = "eu-west-1") => ({
    [name]: { cluster_name: name, region, checkpoint_bucket: "some-bucket", node_names: [`${name}-node-1`] },
  });

  test("by its name and region, by the tag of the group that holds its name", async () => {
    const ended = await status("--cluster", "orders", "--region", "eu-west-1");
    expect(ended).toMatchObject(FOUND);
    expect(JSON.parse(ended.stdout)).toMatchObject({ cluster: "orders", nodes: [{ node: "orders-node-1" }] });
    expect(aws.asked.slice(0, 2)).toEqual([
      "resource-groups POST /get-group",
      "resource-groups GET /resources/arn%3Aaws%3Aresource-groups%3Aeu-west-1%3A111122223333%3Agroup%2Fcdktf-flink-orders/tags",
    ]);
    expect(aws.asked.slice(2).every((each) => each.startsWith("s3 GET /some-bucket"))).toBe(true);
  });

  test("by its name and bucket, without asking for the group", async () => {
    expect(await status("--cluster", "orders", "--bucket", "some-bucket", "--region", "eu-west-1")).toMatchObject(
      FOUND,
    );
    expect(aws.asked.filter((each) => !each.startsWith("s3"))).toEqual([]);
  });

  test.each([
    ["of cdktf deploy", { storage: { bucket: "b" }, streaming: output("orders") }],
    ["of cdktf deploy, by the names of constructs", { streaming: { flink: { Output: output("orders").orders } } }],
    ["of terraform output -json", { orders: { sensitive: false, type: "string", value: output("orders").orders } }],
  ])("by the outputs %s", async (_, outputs) => {
    const ended = await status("--outputs", outputFile(outputs));
    expect(ended).toMatchObject(FOUND);
    expect(JSON.parse(ended.stdout)).toMatchObject({ cluster: "orders" });
    expect(aws.asked.filter((each) => !each.startsWith("s3"))).toEqual([]);
  });

  test("of several in the outputs, the one that is named", async () => {
    const file = outputFile({ one: { ...output("orders"), ...output("bills") }, two: output("orders", "eu-west-2") });
    expect(await status("--outputs", file, "--cluster", "orders", "--stack", "one")).toMatchObject(FOUND);
    const several = (rest: string): object => failed(`${file} has ${rest}`, 2);
    expect(await status("--outputs", file)).toEqual(
      several("several clusters (orders, bills, orders): say in --cluster which is meant"),
    );
    expect(await status("--outputs", file, "--cluster", "orders")).toEqual(
      several("several clusters named orders, in eu-west-1, eu-west-2: say in --stack which is meant"),
    );
    expect(await status("--outputs", file, "--cluster", "sales")).toEqual(
      several("no cluster named sales, but orders, bills, orders: give one of them in --cluster"),
    );
    expect(await status("--outputs", file, "--stack", "three")).toEqual(
      several("no stack named three: give one of those that it has (one, two)"),
    );
  });

  test.each<[string, unknown, string]>([
    [
      "no cluster",
      { storage: { bucket: "b" } },
      "has no output of a cluster: deploy the stack of the cluster with --outputs-file ",
    ],
    ["no JSON", "{", "is no JSON object: give the file that cdktf deploy --outputs-file wrote"],
    ["a list", [], "is no JSON object: give the file that cdktf deploy --outputs-file wrote"],
  ])("outputs with %s are refused", async (_, outputs, sentence) => {
    const file = outputFile(outputs);
    expect(await status("--outputs", file)).toEqual(
      failed(`${file} ${sentence}${sentence.endsWith("file ") ? file : ""}`, 2),
    );
  });

  test.each([
    [[], "it is not said which cluster is meant: give --cluster and --region, or --outputs"],
    [
      ["--cluster", "orders", "--stack", "one"],
      "--stack is given without --outputs, of which it names a part: give both, or neither",
    ],
    [
      ["--outputs", "o.json", "--bucket", "b"],
      "--bucket is given beside --outputs, which says it as well: leave one of them out",
    ],
    [
      ["--outputs", "o.json", "--region", "eu-west-2"],
      "--region is given beside --outputs, which says it as well: leave one of them out",
    ],
  ])("%j is a wrong command line", async (args, sentence) => {
    expect(await status(...args)).toEqual(failed(sentence, 2));
    expect(aws.asked).toEqual([]);
  });

  test.each([
    [
      "--cluster",
      "Orders",
      "Give the name of a cluster: 2 to 32 lower-case letters, digits and hyphens, a letter first.",
    ],
    ["--region", "", "Give a region, such as eu-west-1."],
    ["--region", "EU West", "Give a region, such as eu-west-1."],
  ])("%s %j is a wrong command line", async (option, value, told) => {
    const ended = await status("--cluster", "orders", option, value);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(told);
    expect(aws.asked).toEqual([]);
  });

  test("a file of outputs that is not there", async () => {
    expect(await status("--outputs", path.join(folder, "none.json"))).toEqual(
      failed(
        /^cdktf-flink: \S+none\.json cannot be read \(ENOENT.*\): name in --outputs the file that cdktf deploy --outputs-file wrote\n$/,
      ),
    );
  });
});

describe("one sentence and a code for every failure", () => {
  const place = ["--cluster", "orders", "--region", "eu-west-1"];

  test("no such cluster, with the one that is meant", async () => {
    expect(await status("--cluster", "order", "--region", "eu-west-1")).toEqual(
      failed("there is no cluster named order in eu-west-1 in the account of your credentials: did you mean orders?"),
    );
    expect(await status("--cluster", "invoicing", "--region", "eu-west-1")).toEqual(
      failed(
        "there is no cluster named invoicing in eu-west-1 in the account of your credentials, where there are orders: check --cluster, --region and AWS_PROFILE",
      ),
    );
    aws.groups.clear();
    expect(await status(...place)).toEqual(
      failed(
        "there is no cluster named orders in eu-west-1 in the account of your credentials, nor any other: check --region and AWS_PROFILE",
      ),
    );
  });

  test("a cluster that an older version made", async () => {
    aws.groups.set("cdktf-flink-orders", {});
    expect(await status(...place)).toEqual(
      failed(
        "the resource group cdktf-flink-orders does not say which bucket is the cluster's: apply its stack with this version of cdktf-flink, or give --bucket",
      ),
    );
  });

  test("no region", async () => {
    expect(await status("--cluster", "orders")).toEqual(
      failed("the region is not known: give it as --region, or set AWS_REGION"),
    );
  });

  test("no credentials", async () => {
    const without = { ...aws.environment, AWS_ACCESS_KEY_ID: undefined };
    expect(await runCommand(["status", ...place], without)).toEqual(
      failed(
        /^cdktf-flink: no AWS credentials were found: sign in, or set AWS_PROFILE \(Could not load credentials from any providers\)\n$/,
      ),
    );
  });

  test.each<[string, Service, Reply, string | RegExp]>([
    [
      "credentials that are over, of a JSON service",
      "resource-groups",
      jsonError(403, "ExpiredTokenException", "The security token included in the request is expired"),
      "the AWS credentials have expired: sign in again (The security token included in the request is expired)",
    ],
    [
      "credentials that are over, of S3",
      "s3",
      xmlError(400, "ExpiredToken", "The provided token has expired."),
      "the AWS credentials have expired: sign in again (The provided token has expired)",
    ],
    [
      "keys that nobody has",
      "resource-groups",
      jsonError(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
      "AWS does not know the credentials: sign in anew, or set AWS_PROFILE (The security token included in the request is invalid)",
    ],
    [
      "a clock that is wrong",
      "s3",
      xmlError(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      ),
      "the clock of this machine differs too much from that of AWS: set it (The difference between the request time and the current time is too large)",
    ],
    [
      "a permission that is missing, with what it is for and whose it is not",
      "resource-groups",
      jsonError(
        403,
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333:user/me is not authorized to perform: resource-groups:GetGroup on resource: arn:aws:resource-groups:eu-west-1:111122223333:group/cdktf-flink-orders because no identity-based policy allows the resource-groups:GetGroup action",
      ),
      "looking for the cluster orders is not allowed (resource-groups:GetGroup on arn:aws:resource-groups:eu-west-1:111122223333:group/cdktf-flink-orders): use credentials that may do it, as those of arn:aws:iam::111122223333:user/me may not",
    ],
    [
      "the bucket of another account, of which S3 does not say more",
      "s3",
      xmlError(403, "AccessDenied", "Access Denied"),
      /^cdktf-flink: (listing the reports|reading desired-state\/orders\.json) in the bucket some-bucket is not allowed \(AccessDenied\): use credentials that may do it, as those of arn:aws:iam::111122223333:user\/me may not\n$/,
    ],
    [
      "a key of the bucket that may not be used",
      "s3",
      xmlError(
        403,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/me is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/1 because no identity-based policy allows the kms:Decrypt action",
      ),
      /is not allowed \(kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key\/1\): use credentials that may do it, as/,
    ],
    [
      "a bucket that is gone",
      "s3",
      xmlError(404, "NoSuchBucket", "The specified bucket does not exist"),
      "the bucket some-bucket does not exist: apply the storage stack first, or check --bucket and --region",
    ],
    [
      "too many calls",
      "resource-groups",
      jsonError(429, "TooManyRequestsException", "Rate exceeded"),
      "looking for the cluster orders: AWS is asked too often just now (TooManyRequestsException): try again in a minute",
    ],
    [
      "AWS itself",
      "resource-groups",
      jsonError(500, "InternalServerErrorException", "An internal error occurred"),
      "looking for the cluster orders: AWS failed (InternalServerErrorException): try again",
    ],
  ])("%s", async (_, service, reply, sentence) => {
    aws.failures.set(service, reply);
    const ended = await runCommand(["status", ...place], { ...aws.environment, AWS_MAX_ATTEMPTS: "1" });
    expect(ended).toEqual(failed(sentence));
  });
});
