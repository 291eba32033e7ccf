import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLoggingCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { desiredStateKey, reportKey, softwareKey } from "../../lib/core/bucket-layout";
import { findPrunable, removePrunable } from "../../lib/operate/prune/prune";
import { EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";

const BUCKET = "checkpoints";
const MEBIBYTE = 2 ** 20;

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulator-"));
  emulator = await Emulator.start({ dir, loopback: false });
  aws = new EmulatorClients(REGION, emulator.socketPath);
  await aws.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await aws.s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
}, 300_000);

afterAll(async () => {
  aws?.destroy();
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const put = (Key: string, Body: PutObjectCommandInput["Body"], rest: Partial<PutObjectCommandInput> = {}) =>
  aws.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...rest }));
const get = async (Key: string, VersionId?: string) =>
  (await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId }))).Body!.transformToString();

interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** A request as a front would pass it on: with headers of its own, signature not looked at. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<RawAnswer> {
  const Authorization =
    "AWS4-HMAC-SHA256 Credential=AKIAEMULATOREMULATOR/20260101/eu-west-1/s3/aws4_request, Signature=0";
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: emulator.socketPath, method, path, headers: { Authorization, ...headers } });
    call.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, body: text }));
    });
    call.on("error", reject).end(body);
  });
}

test("an object that is read while it is written and listed is whole, and so is its digest", async () => {
  const content = randomBytes(8 * MEBIBYTE);
  const md5 = createHash("md5").update(content);
  const ContentMD5 = md5.copy().digest("base64");
  const digest = `"${md5.digest("hex")}"`;
  const Prefix = "read-while-written/";
  let [reads, listings] = [0, 0];
  for (let round = 0; round < 20; round++) {
    const Key = `${Prefix}${round}`;
    let written = false;
    const writing = put(Key, content, { ContentMD5 }).finally(() => (written = true));
    const reading = async (): Promise<void> => {
      while (!written) {
        const object = await aws.s3
          .send(new GetObjectCommand({ Bucket: BUCKET, Key }))
          .catch((error: Error) => (error.name === "NoSuchKey" ? undefined : Promise.reject(error)));
        if (!object) continue;
        expect(content.equals(await object.Body!.transformToByteArray())).toBe(true);
        expect(object.ETag).toBe(digest);
        reads++;
      }
    };
    const listing = async (): Promise<void> => {
      while (!written) {
        const { Versions = [] } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: Key }));
        for (const { ETag } of Versions) expect(ETag).toBe(digest);
        listings += Versions.length;
      }
    };
    await Promise.all([writing, reading(), reading(), listing()]);
  }
  // Of rounds that met nothing nothing is known.
  expect(Math.min(reads, listings)).toBeGreaterThan(0);
}, 120_000);

test("every version can be read, and its id is in every answer", async () => {
  const first = await put("desired-state/a.json", "1");
  const second = await put("desired-state/a.json", "2");
  expect(first.VersionId).not.toBe(second.VersionId);
  expect(await get("desired-state/a.json", first.VersionId)).toBe("1");
  expect(await get("desired-state/a.json")).toBe("2");
  const head = await aws.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "desired-state/a.json" }));
  expect(head.VersionId).toBe(second.VersionId);
});

test("a delete marker goes like any other version, and what it hid is back", async () => {
  await put("hidden", "content");
  const { VersionId } = await aws.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "hidden" }));
  await expect(get("hidden")).rejects.toThrow();
  const Delete = { Objects: [{ Key: "hidden", VersionId }] };
  const { Deleted, Errors } = await aws.s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete }));
  expect(Errors ?? []).toEqual([]);
  expect(Deleted).toHaveLength(1);
  expect(await get("hidden")).toBe("content");
});

test("parts that no cluster needs are pruned: first they are old versions, then nothing of them is left", async () => {
  const Bucket = "prunable";
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const key = (name: string, version = "1"): string =>
    softwareKey({ name, version, sha256: version.padEnd(64, "0"), fileName: `${name}+${version} x.tar.gz` });
  const write = (Key: string, content: string) => aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: content }));
  for (const part of [key("agent"), key("node-js")]) await write(part, "content");
  for (const version of ["1", "2", "3"]) {
    await write(key("flink", version), version);
    const software = [{ key: key("flink", version) }];
    const [agent, nodeJs] = [{ key: key("agent") }, { key: key("node-js") }];
    const nodes = [{ name: "orders-node-1" }];
    await write(desiredStateKey("orders"), JSON.stringify({ schemaVersion: 1, agent, nodeJs, software, nodes }));
  }
  await write(reportKey("orders", "orders-node-2"), JSON.stringify({ schemaVersion: 1, status: "healthy" }));

  const from = { client: aws.s3, bucket: Bucket, cluster: "orders" };
  // As if a minute had passed since all that.
  const options = { from, olderThanMillis: -60_000 };
  const versionsOf = async (Prefix: string): Promise<readonly number[]> => {
    const listed = await aws.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
    return [listed.Versions, listed.DeleteMarkers].map((all) => all?.length ?? 0);
  };
  const first = await findPrunable(options);
  expect(first).toMatchObject({
    clusters: ["orders"],
    parts: [{ key: key("flink"), sizeBytes: 1 }],
    reports: [{ key: reportKey("orders", "orders-node-2") }],
    oldVersions: [],
  });
  await removePrunable(options, first);
  expect(await versionsOf(key("flink"))).toEqual([1, 1]);
  expect(await versionsOf("reports/")).toEqual([1, 1]);

  const second = await findPrunable(options);
  expect(second).toMatchObject({ parts: [], reports: [] });
  expect(second.oldVersions.map(({ isMark }) => isMark)).toEqual([false, true]);
  await removePrunable(options, second);
  expect(await versionsOf(key("flink"))).toEqual([0, 0]);
  expect(await versionsOf("software/")).toEqual([4, 0]);
});

test("versions are listed with their keys encoded where that is asked for, and deleted as Terraform does", async () => {
  const names = ["jdk-17.0.15+6.tar.gz", "a b", "50%25", "ü/x"].map((name) => `odd/${name}`);
  for (const name of names) await put(name, "content");
  await aws.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: names[0] }));
  const list = async (EncodingType?: "url") =>
    aws.s3.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: "odd/", EncodingType }));
  const asGiven = await list();
  expect(asGiven.Versions!.map(({ Key }) => Key).sort()).toEqual([...names].sort());
  const { EncodingType, Versions, DeleteMarkers } = await list("url");
  expect(EncodingType).toBe("url");
  expect(Versions!.map(({ Key }) => Key)).toContain("odd/jdk-17.0.15%2B6.tar.gz");
  expect(DeleteMarkers!.map(({ Key }) => Key)).toEqual(["odd/jdk-17.0.15%2B6.tar.gz"]);
  // To list is not to touch what is listed.
  expect(await get(names[1])).toBe("content");
  const Objects = [...Versions!, ...DeleteMarkers!].map(({ Key, VersionId }) => ({
    Key: decodeURIComponent(Key!),
    VersionId,
  }));
  await aws.s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
  expect((await list()).Versions).toBeUndefined();
});

test("a conditional write wins once", async () => {
  const taken = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };
  const first = await put("lock", "mine", { IfNoneMatch: "*" });
  await expect(put("lock", "yours", { IfNoneMatch: "*" })).rejects.toMatchObject(taken);
  const second = await put("lock", "mine again", { IfMatch: first.ETag });
  await expect(put("lock", "late", { IfMatch: first.ETag })).rejects.toMatchObject(taken);
  expect(await get("lock")).toBe("mine again");
  await aws.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "lock" }));
  await put("lock", "free again", { IfNoneMatch: "*" });
  expect(second.ETag).not.toBe(first.ETag);
});

test("of conditional writes at once exactly one wins", async () => {
  for (let round = 0; round < 20; round++) {
    const key = `locks/${round}`;
    const first = await put(key, "free");
    const tries = Array.from({ length: 8 }, (_, node) =>
      put(key, `node-${node}`, { IfMatch: first.ETag }).then(
        () => `node-${node}`,
        () => undefined,
      ),
    );
    const winners = (await Promise.all(tries)).filter((winner) => winner !== undefined);
    expect(winners).toHaveLength(1);
    expect(await get(key)).toBe(winners[0]);
  }
});

test.each(["CRC32", "CRC64NVME", "SHA256"] as const)("checksum %s is kept and given back", async (algorithm) => {
  const content = Buffer.from("checked");
  await put(`sums/${algorithm}`, content, { ChecksumAlgorithm: algorithm });
  const ChecksumMode = "ENABLED";
  const answer = await aws.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: `sums/${algorithm}`, ChecksumMode }));
  const sum = { CRC32: answer.ChecksumCRC32, CRC64NVME: answer.ChecksumCRC64NVME, SHA256: answer.ChecksumSHA256 };
  expect(sum[algorithm]).toBeTruthy();
  if (algorithm === "SHA256") expect(sum.SHA256).toBe(createHash("sha256").update(content).digest("base64"));
  expect(await get(`sums/${algorithm}`)).toBe("checked");
});

test("a stream of unknown length, sent in chunks with a trailing checksum, arrives byte for byte", async () => {
  const content = randomBytes(3 * MEBIBYTE);
  const chunks = [content.subarray(0, 5), content.subarray(5, MEBIBYTE + 1), content.subarray(MEBIBYTE + 1)];
  await put("streamed", Readable.from(chunks), { ContentLength: content.length, ChecksumAlgorithm: "CRC32" });
  const read = await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "streamed" }));
  expect(Buffer.from(await read.Body!.transformToByteArray()).equals(content)).toBe(true);
});

test("keys of every kind arrive as they are", async () => {
  const keys = ["a b+c", "ü/ß", "100%", "a//b", "x%2Fy", "q?r=1&s#t"];
  for (const key of keys) await put(key, key);
  for (const key of keys) expect(await get(key)).toBe(key);
});

test("a large object in parts: complete, whole, and the answer named as AWS names it", async () => {
  const content = randomBytes(12 * MEBIBYTE);
  await new Upload({
    client: aws.s3,
    params: { Bucket: BUCKET, Key: "large", Body: content },
    partSize: 5 * MEBIBYTE,
    queueSize: 3,
  }).done();
  const read = await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "large" }));
  expect(Buffer.from(await read.Body!.transformToByteArray()).equals(content)).toBe(true);

  const started = await raw("POST", `/${BUCKET}/parts?uploads`);
  const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(started.body)![1];
  expect((await raw("PUT", `/${BUCKET}/parts?partNumber=1&uploadId=${uploadId}`, {}, "part")).status).toBe(200);
  const etag = createHash("md5").update("part").digest("hex");
  const parts = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"${etag}"</ETag></Part></CompleteMultipartUpload>`;
  const completed = await raw("POST", `/${BUCKET}/parts?uploadId=${uploadId}`, {}, parts);
  expect(completed.body).toMatch(/<CompleteMultipartUploadResult[ >][\s\S]*<\/CompleteMultipartUploadResult>$/);
});

test("a checksum of checksums says of how many pieces, to whoever asks for the head", async () => {
  const pieces = [randomBytes(5 * MEBIBYTE), randomBytes(MEBIBYTE)];
  await new Upload({
    client: aws.s3,
    params: { Bucket: BUCKET, Key: "composite", Body: Buffer.concat(pieces), ChecksumAlgorithm: "SHA256" },
    partSize: 5 * MEBIBYTE,
  }).done();
  const sums = pieces.map((piece) => createHash("sha256").update(piece).digest());
  const composite = createHash("sha256").update(Buffer.concat(sums)).digest("base64");
  const head = await aws.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "composite", ChecksumMode: "ENABLED" }));
  expect(head.ChecksumSHA256).toBe(`${composite}-2`);
});

describe("a bucket that denies what is not TLS and foreign accounts", () => {
  const name = "tls-only";
  const Resource = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource };
  beforeAll(async () => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: name }));
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Sid: "Tls", ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
        { Sid: "Ours", ...deny, Condition: { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } } },
        { Sid: "Never", ...deny, Resource: `arn:aws:s3:::${name}/never/*` },
      ],
    });
    await aws.s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy }));
  });

  test.each([
    ["https", 200],
    ["http", 403],
  ])("a caller that came by %s is answered %i", async (scheme, status) => {
    const headers = { "X-Forwarded-Proto": scheme };
    expect((await raw("PUT", `/${name}/key`, headers, "x")).status).toBe(status);
  });

  test("what is denied without a condition is denied", async () => {
    expect((await raw("PUT", `/${name}/never/key`, {}, "x")).status).toBe(403);
  });
});

test("a bucket logs to another that allows the logging service", async () => {
  const target = "access-logs";
  await aws.s3.send(new CreateBucketCommand({ Bucket: target }));
  const BucketLoggingStatus = { LoggingEnabled: { TargetBucket: target, TargetPrefix: "checkpoints/" } };
  const enable = new PutBucketLoggingCommand({ Bucket: BUCKET, BucketLoggingStatus });
  await expect(aws.s3.send(enable)).rejects.toMatchObject({ name: "InvalidTargetBucketForLogging" });
  const Statement = [
    {
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${target}/checkpoints/*`,
      Condition: { ArnLike: { "aws:SourceArn": `arn:aws:s3:::${BUCKET}` } },
    },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await aws.s3.send(new PutBucketPolicyCommand({ Bucket: target, Policy }));
  await aws.s3.send(enable);
  const read = await aws.s3.send(new GetBucketLoggingCommand({ Bucket: BUCKET }));
  expect(read.LoggingEnabled).toMatchObject(BucketLoggingStatus.LoggingEnabled);
});
