import pLimit from "p-limit";
import { desiredStateKey } from "../../lib/core/bucket-layout";
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
import { attemptsOfTheJob, attemptsOfTheMachine, callsOf } from "./attempts-at-aws";
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
  /** Access lists of the brokers, or their refusal to know the caller. */
  | "Kafka"
  /** Grants, or the refusal to know the caller. */
  | "PostgreSQL"
  /** A function of the deploy, which does what was ordered and nothing else. */
  | "function"
  /** Roles, or the refusal to know the caller. */
  | "OpenSearch"
  /** Policies: of the role that is tried with, of the thing it is about, of the endpoint between them. */
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
  readonly outcome: "refused" | "done";
  /** Which policy refused, where policies did. */
  readonly policy?: string;
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
  /** A bucket of which jobs may read and write a part each. */
  readonly data: { readonly bucket: string; readonly source: string; readonly sink: string };
  /** Node of the same cluster, not the one on which it is tried. */
  readonly otherNode: string;
  readonly nodeRoleName: string;
  readonly jobRoleName: string;
  /** Key of the checkpoint bucket. */
  readonly bucketKeyArn: string;
}

/** A machine on which a test runs commands that may fail. */
export interface Prober {
  exec(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

export const DENIED = /Permission denied|Operation not permitted|EACCES|EPERM/;
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

export function http(method: string, url: string, ...headers: string[]): string[] {
  return ["python3", "-c", HTTP_CALL, method, url, ...headers];
}

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

/**
 * What must work, or the attempts prove nothing: root reaches the metadata service, and a job reads and writes
 * Flink's own prefixes with the very program that is refused everything else.
 */
export function permittedActs(targets: AttemptTargets): PermittedAct[] {
  const key = `checkpoints/${targets.cluster}/attempt`;
  const s3 = (method: string, more: object = {}) => callsOf("job", targets).s3(targets.bucket, method, key, more);
  const { data } = targets;
  const file = (method: string, folder: string, more: object = {}) =>
    callsOf("job", targets).s3(data.bucket, method, `${folder}attempt`, more);
  const machine = callsOf("machine", targets);
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
    // The same places to which what is refused comes close.
    { name: "write into the sink", ...act, ...file("PUT", data.sink, { body: "{}" }), doneBy: /^200/ },
    { name: "delete from the sink", ...act, ...file("DELETE", data.sink), doneBy: /^204/ },
    { name: "miss a file of the source", ...act, ...file("GET", data.source), doneBy: /^404/ },
    {
      ...{ name: "read the desired state, as the machine", ...act, doneBy: /^200/ },
      ...machine.s3(targets.bucket, "GET", desiredStateKey(targets.cluster)),
    },
    {
      ...{ name: "read the node authority, as the machine", ...act, doneBy: /^200/ },
      ...machine.kms("GetPublicKey", { KeyId: `alias/cdktf-flink/${targets.cluster}/node-authority` }),
    },
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

/** Something that must work, or attempts close to it prove nothing. */
export type PermittedAct = Attempt & { readonly doneBy: RegExp };

/** Fails with what was printed if something does not work that must. */
export function requirePermitted(node: Prober, targets: AttemptTargets): Promise<void> {
  return requireActs(node, permittedActs(targets));
}

/** The same of other acts. */
export async function requireActs(node: Prober, acts: readonly PermittedAct[]): Promise<void> {
  for (const act of acts) {
    const text = await said(node, act);
    if (!act.doneBy.test(text)) throw new Error(`${act.name}: must work, but: ${text}`);
  }
}

/** Tries everything on one node. */
export function tryForbidden(node: Prober, targets: AttemptTargets): Promise<AttemptOutcome[]> {
  return tryAttempts(node, everyAttempt(targets));
}

/** The same of other attempts, one after the other; those that wait for a network without a way stand in a row of their own. */
export async function tryAttempts(node: Prober, attempts: readonly Attempt[]): Promise<AttemptOutcome[]> {
  const [waiting, others] = [pLimit(1), pLimit(1)];
  const rowOf = ({ layer }: Attempt) => (layer === "security groups" ? waiting : others);
  return Promise.all(attempts.map((attempt) => rowOf(attempt)(tryAttempt, node, attempt)));
}

async function tryAttempt(node: Prober, attempt: Attempt): Promise<AttemptOutcome> {
  const { name, layer, refusedBy } = attempt;
  const text = await said(node, attempt);
  const refusal = refusedBy.exec(text);
  const policy = layer === "IAM" ? refusal?.[1] : undefined;
  return { attempt: name, layer, policy, outcome: refusal ? "refused" : "done", said: text.slice(0, 300) };
}

export function everyAttempt(targets: AttemptTargets): Attempt[] {
  return [...attemptsOnTheMachine(), ...attemptsOfTheJob(targets), ...attemptsOfTheMachine(targets)];
}
