import { ApiCall } from "../fabric/api-call";
import { AccountPolicies, BucketPolicies } from "./policies";
import { Asked, asked, header, queryOf, Question, unknown } from "./question";
import { findKey } from "./kms-keys";
import { copySource, S3Address, s3Address } from "./s3-address";
import { s3Operation } from "./s3-actions";

/** What a call of S3 needs leave for, with what S3 then asks KMS in the caller's name. */
export function s3Questions(call: ApiCall, policies: AccountPolicies): Asked {
  const address = s3Address(call);
  if (!address) return unknown(`the name ${call.host} or the path is not one of S3`);
  const query = queryOf(call);
  const level = !address.bucket ? "service" : !address.key ? "bucket" : "object";
  const operation = s3Operation(call.method, query, level);
  if (!operation) return unknown(`no operation of S3 is known for ${call.method} ${call.path.slice(0, 200)}`);
  if (operation.on === "service") return asked({ action: operation.action, resource: "*", context: common(call) });
  if (operation.on === "many objects") return deletions(call, address.bucket);
  if (operation.on === "bucket") return asked(bucketQuestion(call, address.bucket, operation.action, query));
  return objectQuestions(call, address, operation.action, query, policies);
}

/** Whether an object exists is told only to who may list its bucket; asked without a prefix. */
export function mayKnowWhatIsMissing(call: ApiCall): Question | undefined {
  const address = s3Address(call);
  if (!address?.bucket || !address.key || (call.method !== "GET" && call.method !== "HEAD")) return undefined;
  const { bucket } = address;
  return { action: "s3:ListBucket", resource: bucketArn(bucket), guardedBy: { bucket }, context: common(call) };
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

function bucketQuestion(call: ApiCall, bucket: string, action: string, query: URLSearchParams): Question {
  const context: Record<string, string> = { ...common(call) };
  for (const name of ["prefix", "delimiter", "max-keys"]) {
    const value = query.get(name);
    if (value !== null) context[`s3:${name}`] = value;
  }
  return { action, resource: bucketArn(bucket), guardedBy: { bucket }, context };
}

function objectQuestions(
  call: ApiCall,
  address: S3Address,
  action: string,
  query: URLSearchParams,
  policies: AccountPolicies,
): Asked {
  const { bucket, key } = address;
  const object = `${bucketArn(bucket)}/${key}`;
  const context = { ...common(call), ...ofHeaders(call), ...ofVersion(query) };
  const isWrite = action === "s3:PutObject";
  const creates = isWrite && completes(call, query);
  const first: Question = {
    ...{ action, resource: object, guardedBy: { bucket } },
    context: isWrite ? { ...context, "s3:ObjectCreationOperation": String(creates) } : context,
  };
  const questions: Question[] = [first];
  const more = (extra: string) => questions.push({ ...first, action: extra, context });
  if (isWrite && header(call, "x-amz-tagging") !== undefined) more("s3:PutObjectTagging");
  if (isWrite && header(call, "x-amz-acl") !== undefined) more("s3:PutObjectAcl");
  const from = header(call, "x-amz-copy-source");
  if (from !== undefined) {
    const source = copySource(from);
    if (!source) return unknown(`x-amz-copy-source ${from} cannot be read`);
    const resource = `${bucketArn(source.bucket)}/${source.key}`;
    const read = source.version === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    questions.push({ action: read, resource, guardedBy: { bucket: source.bucket }, context: common(call) });
    questions.push(...keyQuestions(["kms:Decrypt"], source, undefined, policies));
  }
  questions.push(...keyQuestions(keyActions(call, action, query), address, ownKey(call), policies));
  return asked(...questions);
}

/**
 * What S3 asks KMS for the caller (Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys": GenerateDataKey
 * to begin an upload, Decrypt for its parts, as S3 has to read them before it makes one object of them).
 */
function keyActions(call: ApiCall, action: string, query: URLSearchParams): string[] {
  if (action === "s3:PutObject") return query.has("uploadId") ? ["kms:Decrypt"] : ["kms:GenerateDataKey"];
  if (!/^s3:GetObject(Version)?$/.test(action)) return [];
  // What is asked by HEAD is not encrypted, but for the checksum.
  return call.method === "GET" || header(call, "x-amz-checksum-mode") !== undefined ? ["kms:Decrypt"] : [];
}

function keyQuestions(
  actions: readonly string[],
  { bucket, key }: S3Address,
  named: { readonly key?: string } | undefined,
  policies: AccountPolicies,
): Question[] {
  const holder = policies.buckets.find(({ name }) => name === bucket);
  const encryptedBy = named ? named.key : holder?.key;
  if (encryptedBy === undefined) return [];
  const arn = findKey(policies, encryptedBy)?.arn ?? encryptedBy;
  return actions.map((action) => ({
    ...{ action, resource: arn, guardedBy: { key: arn }, viaService: true },
    context: {
      "kms:ViaService": `s3.${policies.region}.amazonaws.com`,
      "kms:EncryptionContext:aws:s3:arn": encryptionContext(holder, named, bucket, key),
      "kms:EncryptionContextKeys": ["aws:s3:arn"],
    },
  }));
}

/** The bucket where one data key serves many objects, else the object itself. */
function encryptionContext(holder: BucketPolicies | undefined, named: object | undefined, bucket: string, key: string) {
  return holder?.bucketKey && !named ? bucketArn(bucket) : `${bucketArn(bucket)}/${key}`;
}

/** Encryption that a call asks for itself; without a key for what S3's own keys encrypt. */
function ownKey(call: ApiCall): { readonly key?: string } | undefined {
  const way = header(call, "x-amz-server-side-encryption");
  const key = header(call, "x-amz-server-side-encryption-aws-kms-key-id");
  if (key !== undefined) return { key };
  return way === "AES256" || header(call, "x-amz-server-side-encryption-customer-algorithm") ? {} : undefined;
}

function completes(call: ApiCall, query: URLSearchParams): boolean {
  return query.has("uploadId") ? call.method === "POST" : !query.has("uploads");
}

function deletions(call: ApiCall, bucket: string): Asked {
  if (!call.body) return unknown("the list of objects to delete was not read");
  const objects = [...call.body.toString("utf8").matchAll(/<Object>([\s\S]*?)<\/Object>/g)].map(([, inner]) => ({
    key: /<Key>([\s\S]*?)<\/Key>/.exec(inner)?.[1],
    version: /<VersionId>/.test(inner),
  }));
  if (objects.length === 0) return unknown("the list of objects to delete names none");
  const questions = objects.map(({ key, version }) => ({
    action: version ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
    resource: `${bucketArn(bucket)}/${unescapeXml(key ?? "")}`,
    ...{ guardedBy: { bucket }, context: common(call) },
  }));
  return asked(...questions);
}

function unescapeXml(text: string): string {
  const names: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal: string, hex: string, name: string) =>
    decimal || hex ? String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)) : (names[name] ?? whole),
  );
}

/** Headers that S3 has as condition keys. */
const HEADER_KEYS = [
  ...["x-amz-acl", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-storage-class"],
  ...["x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"],
  ...["x-amz-server-side-encryption-customer-algorithm", "if-match", "if-none-match"],
];

function ofHeaders(call: ApiCall): Record<string, string> {
  return Object.fromEntries(
    HEADER_KEYS.flatMap((name) => {
      const value = header(call, name);
      return value === undefined ? [] : [[`s3:${name}`, value]];
    }),
  );
}

function ofVersion(query: URLSearchParams): Record<string, string> {
  const version = query.get("versionId");
  return version === null ? {} : { "s3:VersionId": version };
}

function common(call: ApiCall): Record<string, string> {
  const presigned = queryOf(call).has("X-Amz-Signature");
  return {
    "s3:authType": presigned ? "REST-QUERY-STRING" : "REST-HEADER",
    "s3:signatureversion": "AWS4-HMAC-SHA256",
    "s3:TlsVersion": "1.3",
  };
}
