import { METADATA_ADDRESSES } from "../../lib/node/host-firewall";
import { JOB_CREDENTIALS } from "../../lib/node/job-credentials";
import { METRICS_CREDENTIALS } from "../../lib/node/metrics/metrics-credentials";
import {
  APPLIED_STATE_FILE,
  FLINK_CONF,
  IDENTITY_FILE,
  JOB_CREDENTIALS_TOKEN_FILE,
  METRICS_AUTHORITIES_FILE,
  METRICS_CONF,
  METRICS_CONFIGURATION_FILE,
  METRICS_CREDENTIALS_TOKEN_FILE,
  METRICS_LOGIN,
  METRICS_NAMES_FILE,
  METRICS_OF_AGENT_FILE,
  METRICS_RUNTIME,
  METRICS_STATUS,
  TASK_MANAGER_PATHS,
  ZOOKEEPER_DATA,
} from "../../lib/node/paths";
import { PORTS } from "../../lib/node/ports";
import { JOB_MANAGER_TLS, TASK_MANAGER_TLS } from "../../lib/node/tls-paths";
import { METRICS_USER } from "../../lib/node/users";
import { Attempt, DENIED, http, PermittedAct } from "./job-is-not-machine";

const MODES = { layer: "file modes", refusedBy: DENIED } as const;
const KERNEL = { layer: "kernel", refusedBy: DENIED } as const;
const AGENT = { layer: "agent", refusedBy: /^401/ } as const;
const URL_OF_METRICS = `http://127.0.0.1:${PORTS.metricsCredentials.port}${METRICS_CREDENTIALS.path}`;
const URL_OF_JOBS = `http://127.0.0.1:${PORTS.jobCredentials.port}${JOB_CREDENTIALS.path}`;
const PASSWORD = `${METRICS_LOGIN}/password`;

/** What jobs may not do to the shipping of metrics, on a node whose destination asks for a password. */
export function attemptsOfJobsAtMetrics(): Attempt[] {
  const cat = (file: string) => ({ ...MODES, argv: ["cat", file] });
  const write = (file: string) => ({ ...MODES, argv: ["sh", "-c", `echo >> ${file}`] });
  const port = PORTS.metricsCredentials.port;
  return [
    { name: "metrics: the password", ...cat(PASSWORD) },
    { name: "metrics: another password", ...write(PASSWORD) },
    { name: "metrics: the token of the credentials", ...cat(METRICS_CREDENTIALS_TOKEN_FILE) },
    { name: "metrics: what Telegraf is told", ...cat(METRICS_CONFIGURATION_FILE) },
    { name: "metrics: whom Telegraf trusts", ...cat(METRICS_AUTHORITIES_FILE) },
    { name: "metrics: what the agent knows", ...cat(METRICS_OF_AGENT_FILE) },
    { name: "metrics: what lies in memory", ...MODES, argv: ["ls", METRICS_RUNTIME] },
    { name: "metrics: what Telegraf says of itself", ...MODES, argv: ["ls", METRICS_STATUS] },
    {
      ...{ name: "metrics: the port of the credentials", ...KERNEL },
      argv: ["python3", "-c", `import socket; socket.socket().bind(("127.0.0.2", ${port}))`],
    },
    { name: "metrics: credentials without the token", ...AGENT, argv: http("GET", URL_OF_METRICS) },
    { name: "metrics: credentials with the token of jobs", ...withToken(JOB_CREDENTIALS_TOKEN_FILE, URL_OF_METRICS) },
    { name: "metrics: end Telegraf", ...KERNEL, argv: ["pkill", "-TERM", "-u", METRICS_USER] },
  ];
}

/** What Telegraf's user may not do, were it taken over. */
export function attemptsOfMetricsShipper(): Attempt[] {
  const user = METRICS_USER;
  const cat = (file: string) => ({ user, ...MODES, argv: ["cat", file] });
  const list = (folder: string) => ({ user, ...MODES, argv: ["ls", folder] });
  const write = (file: string) => ({ user, ...MODES, argv: ["sh", "-c", `echo >> ${file}`] });
  return [
    { name: "Telegraf: the token of jobs", ...cat(JOB_CREDENTIALS_TOKEN_FILE) },
    {
      ...{ name: "Telegraf: credentials of jobs with its own token", user },
      ...withToken(METRICS_CREDENTIALS_TOKEN_FILE, URL_OF_JOBS),
    },
    {
      ...{ name: "Telegraf: metadata", user, layer: "host firewall", refusedBy: /no answer: .*(refused|unreachable)/i },
      argv: http("GET", `http://${METADATA_ADDRESSES.ipv4}/latest/meta-data/iam/info`),
    },
    { name: "Telegraf: Flink's configuration", ...cat(`${FLINK_CONF}/config.yaml`) },
    { name: "Telegraf: the key of the JobManager", ...cat(JOB_MANAGER_TLS.pem) },
    { name: "Telegraf: the key of the TaskManager", ...cat(TASK_MANAGER_TLS.pem) },
    { name: "Telegraf: the applied desired state", ...cat(APPLIED_STATE_FILE) },
    { name: "Telegraf: the machine's identity", ...cat(IDENTITY_FILE) },
    { name: "Telegraf: folders of the TaskManager", ...list(TASK_MANAGER_PATHS.home) },
    { name: "Telegraf: ZooKeeper's data", ...list(ZOOKEEPER_DATA) },
    { name: "Telegraf: another login", ...write(PASSWORD) },
    { name: "Telegraf: a file beside its login", user, ...MODES, argv: ["touch", `${METRICS_LOGIN}/attempt`] },
    { name: "Telegraf: what the agent knows", ...write(METRICS_OF_AGENT_FILE) },
    { name: "Telegraf: what it is told", ...write(METRICS_CONFIGURATION_FILE) },
    { name: "Telegraf: the program of names", ...write(METRICS_NAMES_FILE) },
    { name: "Telegraf: a file beside what it is told", user, ...MODES, argv: ["touch", `${METRICS_CONF}/attempt`] },
    {
      ...{ name: "Telegraf: another status folder", user, ...MODES },
      argv: ["mv", METRICS_STATUS, `${METRICS_RUNTIME}/attempt`],
    },
  ];
}

/** What must work, or those attempts prove nothing. */
export function permittedActsOfMetricsShipper(): PermittedAct[] {
  const act = { user: METRICS_USER, layer: "file modes", refusedBy: /$^/ } as const;
  const reporter = (port: number) => http("GET", `http://127.0.0.1:${port}/metrics`);
  return [
    {
      ...{ name: "Telegraf: its credentials", ...act, doneBy: /^200/ },
      argv: withToken(METRICS_CREDENTIALS_TOKEN_FILE, URL_OF_METRICS).argv,
    },
    { name: "Telegraf: its login", ...act, argv: ["cat", PASSWORD], doneBy: /./ },
    {
      ...{ name: "Telegraf: what it is told", ...act },
      ...{ argv: ["head", "-n", "1", METRICS_CONFIGURATION_FILE], doneBy: /^# Made by cdktf-flink/ },
    },
    { name: "Telegraf: what the agent knows", ...act, argv: ["cat", METRICS_OF_AGENT_FILE], doneBy: /cdktf_flink_/ },
    {
      name: "Telegraf: the JobManager's metrics",
      ...act,
      argv: reporter(PORTS.jobManagerReporter.port),
      doneBy: /^200/,
    },
    {
      ...{ name: "Telegraf: the TaskManager's metrics", ...act, doneBy: /^200/ },
      argv: reporter(PORTS.taskManagerReporter.port),
    },
  ];
}

/** Asks with what a file holds, which who asks must be able to read. */
function withToken(file: string, url: string): Pick<Attempt, "layer" | "refusedBy" | "argv"> {
  const [python, option, program, ...call] = http("GET", url);
  const shell = `"$@" "Authorization=$(cat ${file})"`;
  return { ...AGENT, argv: ["sh", "-c", shell, "sh", python, option, program, ...call] };
}
