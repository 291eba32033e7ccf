import * as fs from "fs";
import * as path from "path";
import { desiredStateKey, reportKey, rollLockKey, SOFTWARE_PREFIX } from "../../lib/core/bucket-layout";
import { jobCredentialsEnvironment } from "../../lib/node/job-credentials";
import { PORTS } from "../../lib/node/ports";
import type { Attempt, AttemptTargets } from "./job-is-not-machine";

/** A refusal by policies; that the judge does not know the call, or the caller, is none. */
export const ACCESS_DENIED =
  /^(?:403|400) [\s\S]*AccessDenied[\s\S]* \((identity|boundary|trust|bucket|key|secret|endpoint)\): /;
/** The program that makes the call, which Python runs. */
export const AWS_CALL = fs.readFileSync(path.join(__dirname, "job-is-not-machine", "aws_call.py"), "utf8");

/** Whose credentials a call is signed with. */
type Signer = "job" | "machine";

/** A job's calls take the environment that the units of Flink have; a machine's are root's. */
function awsCall(call: Readonly<Record<string, unknown>>, signer: Signer): Pick<Attempt, "argv" | "input" | "user"> {
  const spec = { roleArn: "", port: PORTS.jobCredentials.port };
  const environment = Object.entries(jobCredentialsEnvironment(spec)).map(([name, value]) => `${name}=${value}`);
  return {
    ...(signer === "machine" && { user: "root" }),
    argv: ["env", ...environment, "python3", "-c", AWS_CALL],
    input: JSON.stringify({ ...call, credentials: signer }),
  };
}

/** Calls of AWS in one region, signed by one of the two. */
export function callsOf(signer: Signer, { region }: Pick<AttemptTargets, "region">) {
  const https = (service: string, call: Readonly<Record<string, unknown>>) =>
    awsCall({ service, region, host: `${service}.${region}.amazonaws.com`, ...call }, signer);
  return {
    call: (call: Readonly<Record<string, unknown>>) => awsCall({ region, ...call }, signer),
    s3: (bucket: string, method: string, key: string, more: object = {}) =>
      https("s3", { host: `${bucket}.s3.${region}.amazonaws.com`, method, path: `/${key}`, ...more }),
    /** Of a service that takes the action and its parameters as a form. */
    form: (service: string, parameters: Readonly<Record<string, string>>) =>
      https(service, {
        ...{ method: "POST", path: "/", body: new URLSearchParams(parameters).toString() },
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    kms: (action: string, parameters: object) =>
      https("kms", {
        ...{ method: "POST", path: "/", body: JSON.stringify(parameters) },
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${action}` },
      }),
    secretsManager: (action: string, parameters: object) =>
      https("secretsmanager", {
        ...{ method: "POST", path: "/", body: JSON.stringify(parameters) },
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `secretsmanager.${action}` },
      }),
  };
}

/** Where an object is there already it is not written over, even by who may. */
const ONLY_IF_NEW = { headers: { "if-none-match": "*" }, body: "{}" };

/** Attempts with the credentials that a job has. */
export function attemptsOfTheJob(targets: AttemptTargets): Attempt[] {
  const { accountId, cluster, bucket, otherBucket, data, otherNode, nodeRoleName, bucketKeyArn } = targets;
  const iam = { layer: "IAM", refusedBy: ACCESS_DENIED } as const;
  const { call, form, kms, s3: anyS3 } = callsOf("job", targets);
  const s3 = (method: string, key: string, more: object = {}) => anyS3(bucket, method, key, more);
  const policy = { query: { policy: "" }, body: "{}" };
  return [
    { name: "read the desired state", ...iam, ...s3("GET", desiredStateKey(cluster)) },
    { name: "write the desired state", ...iam, ...s3("PUT", desiredStateKey(cluster), ONLY_IF_NEW) },
    { name: "write software", ...iam, ...s3("PUT", `${SOFTWARE_PREFIX}attempt`, ONLY_IF_NEW) },
    { name: "write the report of another node", ...iam, ...s3("PUT", reportKey(cluster, otherNode), ONLY_IF_NEW) },
    { name: "read the report of another node", ...iam, ...s3("GET", reportKey(cluster, otherNode)) },
    { name: "take the lock of a roll", ...iam, ...s3("PUT", rollLockKey(cluster), ONLY_IF_NEW) },
    { name: "read another cluster's checkpoints", ...iam, ...s3("GET", "checkpoints/another/1") },
    { name: "write another cluster's savepoints", ...iam, ...s3("PUT", "savepoints/another/1", ONLY_IF_NEW) },
    {
      name: "list another cluster's state",
      ...iam,
      ...s3("GET", "", { query: { "list-type": "2", prefix: "ha/another/" } }),
    },
    {
      name: "delete a version for good",
      ...iam,
      ...s3("DELETE", `checkpoints/${cluster}/x`, { query: { versionId: "x" } }),
    },
    {
      name: "list the parts of an upload of another cluster",
      ...iam,
      ...s3("GET", "checkpoints/another/x", { query: { uploadId: "x" } }),
    },
    { name: "write the bucket's policy", ...iam, ...s3("PUT", "", policy) },
    { name: "read the bucket's policy", ...iam, ...s3("GET", "", { query: { policy: "" } }) },
    { name: "read from another bucket", ...iam, ...anyS3(otherBucket, "GET", "x") },
    { name: "write into another bucket", ...iam, ...anyS3(otherBucket, "PUT", "x", ONLY_IF_NEW) },
    { name: "write what it may read", ...iam, ...anyS3(data.bucket, "PUT", `${data.source}x`, ONLY_IF_NEW) },
    { name: "delete what it may read", ...iam, ...anyS3(data.bucket, "DELETE", `${data.source}x`) },
    { name: "read beside what it may read", ...iam, ...anyS3(data.bucket, "GET", "beside/x") },
    { name: "write beside what it may write", ...iam, ...anyS3(data.bucket, "PUT", "beside/x", ONLY_IF_NEW) },
    {
      name: "write an object by the name of the folder that it may write",
      ...iam,
      ...anyS3(data.bucket, "PUT", data.sink.slice(0, -1), ONLY_IF_NEW),
    },
    {
      name: "delete a version of what it wrote",
      ...iam,
      ...anyS3(data.bucket, "DELETE", `${data.sink}x`, { query: { versionId: "x" } }),
    },
    {
      name: "list beside what it may read",
      ...iam,
      ...anyS3(data.bucket, "GET", "", { query: { "list-type": "2", prefix: "beside/" } }),
    },
    { name: "write the policy of a sink", ...iam, ...anyS3(data.bucket, "PUT", "", policy) },
    {
      ...{ name: "take the machines' role", ...iam },
      ...form("sts", {
        ...{ Action: "AssumeRole", Version: "2011-06-15", RoleSessionName: "attempt" },
        RoleArn: `arn:aws:iam::${accountId}:role/${nodeRoleName}`,
      }),
    },
    {
      ...{
        name: "use the bucket's key without S3",
        layer: "IAM",
        refusedBy: new RegExp(`${ACCESS_DENIED.source}|no answer: .*timed out`),
      },
      ...kms("GenerateDataKey", { KeyId: bucketKeyArn, KeySpec: "AES_256" }),
    },
    {
      ...{ name: "end a machine", layer: "security groups", refusedBy: /no answer: .*timed out/ },
      ...form("ec2", {
        ...{ Action: "TerminateInstances", Version: "2016-11-15", DryRun: "true" },
        "InstanceId.1": "i-00000000000000000",
      }),
    },
    {
      ...{ name: "read the account's roles", layer: "security groups", refusedBy: /no answer: .*timed out/ },
      ...call({
        ...{ service: "iam", region: "us-east-1", host: "iam.amazonaws.com", method: "POST", path: "/" },
        ...{
          body: "Action=ListRoles&Version=2010-05-08",
          headers: { "content-type": "application/x-www-form-urlencoded" },
        },
      }),
    },
    {
      ...{ name: "S3 without TLS", layer: "security groups", refusedBy: /no answer: .*timed out/ },
      ...call({
        ...{ scheme: "http", service: "s3", host: `${bucket}.s3.${targets.region}.amazonaws.com` },
        ...{ method: "GET", path: "/", query: { "list-type": "2", prefix: `checkpoints/${cluster}/` } },
      }),
    },
  ];
}

/** Attempts with the credentials of the machine itself, by root: what nothing but policies keeps it from. */
export function attemptsOfTheMachine(targets: AttemptTargets): Attempt[] {
  const { accountId, cluster, bucket, otherBucket, data, jobRoleName, nodeRoleName, bucketKeyArn } = targets;
  const { form, kms, s3: anyS3 } = callsOf("machine", targets);
  const s3 = (method: string, key: string, more: object = {}) => anyS3(bucket, method, key, more);
  const list = (prefix: string) => s3("GET", "", { query: { "list-type": "2", prefix } });
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
  const authority = (kind: string) => `alias/cdktf-flink/${cluster}/${kind}-authority`;
  const signing = { Message: "eA==", MessageType: "RAW", SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256" };
  const take = (name: string) =>
    form("sts", { Action: "AssumeRole", Version: "2011-06-15", RoleSessionName: "attempt", RoleArn: role(name) });
  const attempts: Record<string, Pick<Attempt, "argv" | "input" | "user">> = {
    "write the desired state": s3("PUT", desiredStateKey(cluster), ONLY_IF_NEW),
    "delete the desired state": s3("DELETE", desiredStateKey(cluster)),
    "read another cluster's desired state": s3("GET", desiredStateKey("another")),
    "write software": s3("PUT", `${SOFTWARE_PREFIX}attempt`, ONLY_IF_NEW),
    "delete software": s3("DELETE", `${SOFTWARE_PREFIX}attempt`),
    "read an old version of software": s3("GET", `${SOFTWARE_PREFIX}attempt`, { query: { versionId: "x" } }),
    "read an old desired state": s3("GET", desiredStateKey(cluster), { query: { versionId: "x" } }),
    "write another cluster's report": s3("PUT", reportKey("another", "node"), ONLY_IF_NEW),
    "delete a report": s3("DELETE", reportKey(cluster, "attempt")),
    "take another cluster's lock": s3("PUT", rollLockKey("another"), ONLY_IF_NEW),
    "delete the lock": s3("DELETE", rollLockKey(cluster)),
    "delete a version of the lock": s3("DELETE", rollLockKey(cluster), { query: { versionId: "x" } }),
    "read a checkpoint": s3("GET", `checkpoints/${cluster}/attempt`),
    "write a checkpoint": s3("PUT", `checkpoints/${cluster}/attempt`, ONLY_IF_NEW),
    "delete a savepoint": s3("DELETE", `savepoints/${cluster}/attempt`),
    "read what leads": s3("GET", `ha/${cluster}/attempt`),
    "list checkpoints": list(`checkpoints/${cluster}/`),
    "list versions": s3("GET", "", { query: { versions: "" } }),
    "list uploads": s3("GET", "", { query: { uploads: "" } }),
    "read the bucket's policy": s3("GET", "", { query: { policy: "" } }),
    "write the bucket's policy": s3("PUT", "", { query: { policy: "" }, body: "{}" }),
    "write the bucket's lifecycle": s3("PUT", "", { query: { lifecycle: "" }, body: "<x/>" }),
    "read from another bucket": anyS3(otherBucket, "GET", "x"),
    "write into another bucket": anyS3(otherBucket, "PUT", "x", ONLY_IF_NEW),
    "read what jobs may read": anyS3(data.bucket, "GET", `${data.source}x`),
    "write what jobs may write": anyS3(data.bucket, "PUT", `${data.sink}x`, ONLY_IF_NEW),
    "take its own role": take(nodeRoleName),
    "take a role that nobody has": take(`${jobRoleName}-attempt`),
    "sign for clients": kms("Sign", { KeyId: authority("client"), ...signing }),
    "sign a digest": kms("Sign", { KeyId: authority("node"), ...signing, MessageType: "DIGEST" }),
    "use the bucket's key without S3": kms("GenerateDataKey", { KeyId: bucketKeyArn, KeySpec: "AES_256" }),
    "read the bucket's key's policy": kms("GetKeyPolicy", { KeyId: bucketKeyArn, PolicyName: "default" }),
    "destroy the authority": kms("ScheduleKeyDeletion", { KeyId: authority("node") }),
  };
  return Object.entries(attempts).map(([name, call]) => ({
    ...{ name: `as the machine: ${name}`, layer: "IAM", refusedBy: ACCESS_DENIED },
    ...call,
  }));
}
