import * as fs from "fs";
import * as path from "path";
import { desiredStateKey, reportKey, SOFTWARE_PREFIX } from "../../lib/core/bucket-layout";
import { METADATA_ADDRESSES } from "../../lib/node/host-firewall";
import { jobCredentialsEnvironment } from "../../lib/node/job-credentials";
import {
  APPLIED_STATE_FILE,
  FLINK_CONF,
  IDENTITY_FILE,
  JOB_CREDENTIALS_TOKEN_FILE,
  JOB_MANAGER_PATHS,
  SOFTWARE,
  STATE,
  ZOOKEEPER_DATA,
} from "../../lib/node/paths";
import { PORTS } from "../../lib/node/ports";
import { AGENT_UNIT } from "../../lib/node/paths";
import { JOB_MANAGER_USER, TASK_MANAGER_USER, ZOOKEEPER_USER } from "../../lib/node/users";
import type { CommandOptions, CommandResult } from "../lab/command";

/** Who says no. */
export type Layer =
  /** Rules of the machine itself, by user. */
  | "host firewall"
  /** Owner and mode of files. */
  | "file modes"
  /** What Linux gives to no unprivileged user. */
  | "kernel"
  | "systemd"
  /** The agent, which asks for its token. */
  | "agent"
  /** Rules of the network: there is no way to such a service. */
  | "security groups"
  /** Policies of the jobs' role. */
  | "IAM";

/** Something that a job must not be able to do, tried from a shell of its user on a node. */
export interface Attempt {
  readonly name: string;
  readonly layer: Layer;
  /** Who tries; the TaskManager's user, as which jobs run, where nothing is said. */
  readonly user?: string;
  readonly argv: readonly string[];
  readonly input?: string;
  /** What is printed when it is refused: anything else, an unexpected failure too, counts as done. */
  readonly refusedBy: RegExp;
}

export interface AttemptOutcome {
  readonly attempt: string;
  readonly layer: Layer;
  readonly outcome: "refused" | "done" | "not judged here";
  /** What was printed, for the record. */
  readonly said: string;
}

/** What the attempts are about. */
export interface AttemptTargets {
  readonly region: string;
  readonly accountId: string;
  readonly cluster: string;
  readonly bucket: string;
  /** A bucket that was granted to nobody of the cluster. */
  readonly otherBucket: string;
  /** Node of the same cluster, not the one on which it is tried. */
  readonly otherNode: string;
  readonly nodeRoleName: string;
  /** Key of the checkpoint bucket. */
  readonly bucketKeyArn: string;
}

/** A machine on which a test runs commands that may fail. */
export interface Prober {
  exec(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

const DENIED = /Permission denied|Operation not permitted|EACCES|EPERM/;
const ACCESS_DENIED = /^(403|400) [\s\S]*AccessDenied/;
const AWS_CALL = fs.readFileSync(path.join(__dirname, "job-is-not-machine", "aws_call.py"), "utf8");
const METADATA = `http://${METADATA_ADDRESSES.ipv4}/latest`;

/** Asks by HTTP and prints what came; the headers as `name=value`. */
const HTTP_CALL = `
import sys, urllib.error, urllib.request
method, url, *headers = sys.argv[1:]
request = urllib.request.Request(url, method=method, headers=dict(each.split("=", 1) for each in headers))
try:
    with urllib.request.urlopen(request, timeout=6) as answer:
        print(answer.status, answer.read(200).decode())
except urllib.error.HTTPError as error:
    print(error.code)
except OSError as error:
    print("no answer:", getattr(error, "reason", error))
`;

function http(method: string, url: string, ...headers: string[]): string[] {
  return ["python3", "-c", HTTP_CALL, method, url, ...headers];
}

/** Takes the environment that the units of Flink have. */
function awsCall(call: Readonly<Record<string, unknown>>): Pick<Attempt, "argv" | "input"> {
  const spec = { roleArn: "", port: PORTS.jobCredentials.port };
  const environment = Object.entries(jobCredentialsEnvironment(spec)).map(([name, value]) => `${name}=${value}`);
  return { argv: ["env", ...environment, "python3", "-c", AWS_CALL], input: JSON.stringify(call) };
}

function s3Call(targets: AttemptTargets, method: string, bucket: string, key: string, more: object = {}) {
  const host = `${bucket}.s3.${targets.region}.amazonaws.com`;
  return awsCall({ service: "s3", region: targets.region, host, method, path: `/${key}`, ...more });
}

/** A call of a service that takes the action and its parameters as a form. */
function formCall(targets: AttemptTargets, service: string, parameters: Readonly<Record<string, string>>) {
  return awsCall({
    ...{ service, region: targets.region, host: `${service}.${targets.region}.amazonaws.com`, method: "POST" },
    ...{ path: "/", body: new URLSearchParams(parameters).toString() },
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
}

function kmsCall(targets: AttemptTargets, action: string, parameters: object) {
  return awsCall({
    ...{ service: "kms", region: targets.region, host: `kms.${targets.region}.amazonaws.com`, method: "POST" },
    ...{ path: "/", body: JSON.stringify(parameters) },
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${action}` },
  });
}

/** Where an object is there already it is not written over, even by who may. */
const ONLY_IF_NEW = { headers: { "if-none-match": "*" }, body: "{}" };

/** Attempts that the machine itself refuses. */
export function attemptsOnTheMachine(): Attempt[] {
  const connection = /no answer: .*(refused|unreachable)/i;
  const credentials = jobCredentialsEnvironment({ roleArn: "", port: PORTS.jobCredentials.port });
  const credentialsUrl = credentials.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  const token = http("PUT", `${METADATA}/api/token`, "X-aws-ec2-metadata-token-ttl-seconds=60");
  const firewall = { layer: "host firewall", refusedBy: connection } as const;
  const modes = { layer: "file modes", refusedBy: DENIED } as const;
  const kernel = { layer: "kernel", refusedBy: DENIED } as const;
  const environmentOf = (unit: string) => [
    "sh",
    "-c",
    'cat "/proc/$(systemctl show -P MainPID "$1")/environ"',
    "sh",
    unit,
  ];
  return [
    { name: "metadata, version 2: a token", ...firewall, argv: token },
    { name: "metadata, version 2: a token, as the JobManager", ...firewall, user: JOB_MANAGER_USER, argv: token },
    { name: "metadata, version 2: a token, as ZooKeeper", ...firewall, user: ZOOKEEPER_USER, argv: token },
    { name: "metadata, version 1: the role", ...firewall, argv: http("GET", `${METADATA}/meta-data/iam/info`) },
    { name: "metadata: the user data", ...firewall, argv: http("GET", `${METADATA}/user-data`) },
    {
      ...{ name: "metadata, as root of a user namespace", ...firewall, argv: ["unshare", "-Ur", ...token] },
      // Some kernels give nobody a namespace.
      refusedBy: /no answer: .*(refused|unreachable)|unshare: .*not permitted/i,
    },
    {
      ...{ name: "take the host firewall's rules away", layer: "kernel", argv: ["/usr/sbin/iptables", "-F"] },
      refusedBy: /Permission denied|must be root/,
    },
    { name: "credentials without the token", layer: "agent", argv: http("GET", credentialsUrl), refusedBy: /^401/ },
    {
      ...{ name: "credentials with a made-up token", layer: "agent", refusedBy: /^401/ },
      argv: http("GET", credentialsUrl, `Authorization=${"x".repeat(43)}`),
    },
    { name: "the token, as ZooKeeper", ...modes, user: ZOOKEEPER_USER, argv: ["cat", JOB_CREDENTIALS_TOKEN_FILE] },
    { name: "another token", ...modes, argv: ["sh", "-c", `echo x > ${JOB_CREDENTIALS_TOKEN_FILE}`] },
    {
      ...{ name: "the port of the credentials, on another address of loopback", ...kernel },
      argv: ["python3", "-c", `import socket; socket.socket().bind(("127.0.0.2", ${PORTS.jobCredentials.port}))`],
    },
    { name: "what the agent remembers", ...modes, argv: ["ls", STATE] },
    { name: "the applied desired state", ...modes, argv: ["cat", APPLIED_STATE_FILE] },
    { name: "the machine's identity", ...modes, argv: ["cat", IDENTITY_FILE] },
    { name: "the agent's environment", ...kernel, argv: environmentOf(AGENT_UNIT) },
    { name: "ZooKeeper's environment", ...kernel, argv: environmentOf("zookeeper.service") },
    { name: "the JobManager's environment", ...kernel, argv: environmentOf("flink-jobmanager.service") },
    { name: "the JobManager's folder", ...modes, argv: ["ls", JOB_MANAGER_PATHS.home] },
    { name: "ZooKeeper's data", ...modes, argv: ["ls", ZOOKEEPER_DATA] },
    { name: "write Flink's configuration", ...modes, argv: ["sh", "-c", `echo >> ${FLINK_CONF}/config.yaml`] },
    { name: "write into the software", ...modes, argv: ["mkdir", `${SOFTWARE}/attempt`] },
    { name: "write a unit", ...modes, argv: ["touch", "/etc/systemd/system/attempt.service"] },
    {
      ...{ name: "stop the agent", layer: "systemd", argv: ["systemctl", "--no-ask-password", "stop", AGENT_UNIT] },
      refusedBy: /authentication required|Access denied|Permission denied|Failed to connect/i,
    },
    { name: "end the JobManager", ...kernel, argv: ["pkill", "-TERM", "-u", JOB_MANAGER_USER] },
  ];
}

/** Attempts with the credentials that a job has: these need somebody who judges calls of AWS. */
export function attemptsAtAws(targets: AttemptTargets): Attempt[] {
  const { region, accountId, cluster, bucket, otherBucket, otherNode, nodeRoleName, bucketKeyArn } = targets;
  const iam = { layer: "IAM", refusedBy: ACCESS_DENIED } as const;
  const s3 = (method: string, key: string, more: object = {}) => s3Call(targets, method, bucket, key, more);
  const policy = { query: { policy: "" }, body: "{}" };
  return [
    { name: "read the desired state", ...iam, ...s3("GET", desiredStateKey(cluster)) },
    { name: "write the desired state", ...iam, ...s3("PUT", desiredStateKey(cluster), ONLY_IF_NEW) },
    { name: "write software", ...iam, ...s3("PUT", `${SOFTWARE_PREFIX}attempt`, ONLY_IF_NEW) },
    { name: "write the report of another node", ...iam, ...s3("PUT", reportKey(cluster, otherNode), ONLY_IF_NEW) },
    { name: "read the report of another node", ...iam, ...s3("GET", reportKey(cluster, otherNode)) },
    { name: "take the lock of a roll", ...iam, ...s3("PUT", `rolls/${cluster}/lock.json`, ONLY_IF_NEW) },
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
    { name: "write the bucket's policy", ...iam, ...s3("PUT", "", policy) },
    { name: "read the bucket's policy", ...iam, ...s3("GET", "", { query: { policy: "" } }) },
    { name: "read from another bucket", ...iam, ...s3Call(targets, "GET", otherBucket, "x") },
    { name: "write into another bucket", ...iam, ...s3Call(targets, "PUT", otherBucket, "x", ONLY_IF_NEW) },
    {
      ...{ name: "take the machines' role", ...iam },
      ...formCall(targets, "sts", {
        ...{ Action: "AssumeRole", Version: "2011-06-15", RoleSessionName: "attempt" },
        RoleArn: `arn:aws:iam::${accountId}:role/${nodeRoleName}`,
      }),
    },
    {
      ...{
        name: "use the bucket's key without S3",
        layer: "IAM",
        refusedBy: /^(403|400) [\s\S]*AccessDenied|no answer: .*timed out/,
      },
      ...kmsCall(targets, "GenerateDataKey", { KeyId: bucketKeyArn, KeySpec: "AES_256" }),
    },
    {
      ...{ name: "end a machine", layer: "security groups", refusedBy: /no answer: .*timed out/ },
      ...formCall(targets, "ec2", {
        ...{ Action: "TerminateInstances", Version: "2016-11-15", DryRun: "true" },
        "InstanceId.1": "i-00000000000000000",
      }),
    },
    {
      ...{ name: "read the account's roles", layer: "security groups", refusedBy: /no answer: / },
      ...awsCall({
        ...{ service: "iam", region: "us-east-1", host: "iam.amazonaws.com", method: "POST", path: "/" },
        ...{
          body: "Action=ListRoles&Version=2010-05-08",
          headers: { "content-type": "application/x-www-form-urlencoded" },
        },
      }),
    },
    {
      ...{ name: "S3 without TLS", layer: "security groups", refusedBy: /no answer: .*timed out/ },
      ...awsCall({
        ...{ scheme: "http", service: "s3", region, host: `${bucket}.s3.${region}.amazonaws.com` },
        ...{ method: "GET", path: "/", query: { "list-type": "2", prefix: `checkpoints/${cluster}/` } },
      }),
    },
  ];
}

/**
 * What must work, or the attempts prove nothing: root reaches the metadata service, and a job reads and writes
 * Flink's own prefixes with the very program that is refused everything else.
 */
export function permittedActs(targets: AttemptTargets): (Attempt & { readonly doneBy: RegExp })[] {
  const key = `checkpoints/${targets.cluster}/attempt`;
  const s3 = (method: string, more: object = {}) => s3Call(targets, method, targets.bucket, key, more);
  const act = { layer: "IAM", refusedBy: /$^/ } as const;
  return [
    {
      ...{ name: "metadata, as root", layer: "host firewall", user: "root", refusedBy: /$^/, doneBy: /^200/ },
      argv: http("PUT", `${METADATA}/api/token`, "X-aws-ec2-metadata-token-ttl-seconds=60"),
    },
    { name: "write a checkpoint", ...act, ...s3("PUT", { body: "{}" }), doneBy: /^200/ },
    { name: "read a checkpoint", ...act, ...s3("GET"), doneBy: /^200 \{\}/ },
    { name: "delete a checkpoint", ...act, ...s3("DELETE"), doneBy: /^204/ },
    { name: "miss a checkpoint", ...act, ...s3("GET"), doneBy: /^404/ },
  ];
}

/** As the units run Flink: nothing of root's is left. */
function as(user: string, argv: readonly string[]): string[] {
  if (user === "root") return [...argv];
  const bare = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
  return ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups", ...bare, "--", ...argv];
}

async function said(node: Prober, { user, argv, input }: Attempt): Promise<string> {
  const options = { timeout: 30_000, ...(input === undefined ? {} : { input }) };
  const { stdout, stderr } = await node.exec(as(user ?? TASK_MANAGER_USER, argv), options);
  return `${stdout}${stderr}`.trim();
}

/** Fails with what was printed if something does not work that must. */
export async function requirePermitted(node: Prober, targets: AttemptTargets): Promise<void> {
  for (const act of permittedActs(targets)) {
    const text = await said(node, act);
    if (!act.doneBy.test(text)) throw new Error(`${act.name}: must work, but: ${text}`);
  }
}

/**
 * Tries everything on one node; `judged` says whether somebody decides calls of AWS by policies. What needs that
 * and has it not is not tried, for it would be done.
 */
export async function tryForbidden(node: Prober, targets: AttemptTargets, judged: boolean): Promise<AttemptOutcome[]> {
  const outcomes: AttemptOutcome[] = [];
  for (const attempt of [...attemptsOnTheMachine(), ...attemptsAtAws(targets)]) {
    const { name, layer, refusedBy } = attempt;
    if (layer === "IAM" && !judged) {
      outcomes.push({ attempt: name, layer, outcome: "not judged here", said: "" });
      continue;
    }
    const text = await said(node, attempt);
    outcomes.push({
      attempt: name,
      layer,
      outcome: refusedBy.test(text) ? "refused" : "done",
      said: text.slice(0, 200),
    });
  }
  return outcomes;
}
