import { METRICS_CREDENTIALS } from "../../lib/node/metrics/metrics-credentials";
import {
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
} from "../../lib/node/paths";
import { PORTS } from "../../lib/node/ports";
import { METRICS_USER } from "../../lib/node/users";
import { AGENT, attemptsOfShipper, bind, KERNEL, MODES, Shipper, withToken } from "./attempts-of-shipper";
import { Attempt, http, PermittedAct } from "./job-is-not-machine";

const TELEGRAF: Shipper = { name: "Telegraf", user: METRICS_USER, tokenFile: METRICS_CREDENTIALS_TOKEN_FILE };
const URL_OF_METRICS = `http://127.0.0.1:${PORTS.metricsCredentials.port}${METRICS_CREDENTIALS.path}`;
const PASSWORD = `${METRICS_LOGIN}/password`;

/** What jobs may not do to the shipping of metrics, on a node whose destination asks for a password. */
export function attemptsOfJobsAtMetrics(): Attempt[] {
  const cat = (file: string) => ({ ...MODES, argv: ["cat", file] });
  const write = (file: string) => ({ ...MODES, argv: ["sh", "-c", `echo >> ${file}`] });
  return [
    { name: "metrics: the password", ...cat(PASSWORD) },
    { name: "metrics: another password", ...write(PASSWORD) },
    { name: "metrics: the token of the credentials", ...cat(METRICS_CREDENTIALS_TOKEN_FILE) },
    { name: "metrics: what Telegraf is told", ...cat(METRICS_CONFIGURATION_FILE) },
    { name: "metrics: whom Telegraf trusts", ...cat(METRICS_AUTHORITIES_FILE) },
    { name: "metrics: what the agent knows", ...cat(METRICS_OF_AGENT_FILE) },
    { name: "metrics: what lies in memory", ...MODES, argv: ["ls", METRICS_RUNTIME] },
    { name: "metrics: what Telegraf says of itself", ...MODES, argv: ["ls", METRICS_STATUS] },
    { name: "metrics: the port of the credentials", ...bind(PORTS.metricsCredentials.port) },
    { name: "metrics: credentials without the token", ...AGENT, argv: http("GET", URL_OF_METRICS) },
    { name: "metrics: credentials with the token of jobs", ...withToken(JOB_CREDENTIALS_TOKEN_FILE, URL_OF_METRICS) },
    { name: "metrics: end Telegraf", ...KERNEL, argv: ["pkill", "-TERM", "-u", METRICS_USER] },
  ];
}

/** What Telegraf's user may not do, were it taken over. */
export function attemptsOfMetricsShipper(): Attempt[] {
  const { user } = TELEGRAF;
  const write = (file: string) => ({ user, ...MODES, argv: ["sh", "-c", `echo >> ${file}`] });
  return [
    ...attemptsOfShipper(TELEGRAF),
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
