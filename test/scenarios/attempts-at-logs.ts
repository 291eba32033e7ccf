import { LOG_CREDENTIALS } from "../../lib/node/logs/log-credentials";
import {
  JOB_CREDENTIALS_TOKEN_FILE,
  LOG_COLLECTOR_DATA,
  LOG_COLLECTOR_TOKEN_FILE,
  LOG_CREDENTIALS_TOKEN_FILE,
  LOG_EXPORTER_CONFIGURATION_FILE,
  LOG_EXPORTER_DATA,
  LOG_LINES,
  LOG_LOGIN_FILE,
  LOG_SECRETS,
  LOG_STATUS,
  LOGS_RUNTIME,
} from "../../lib/node/paths";
import { PORTS } from "../../lib/node/ports";
import { LOGS_USER } from "../../lib/node/users";
import { AGENT, attemptsOfShipper, bind, MODES, Shipper, withToken } from "./attempts-of-shipper";
import { Attempt, http, PermittedAct } from "./job-is-not-machine";

const SHIPPERS: Shipper = { name: "shippers", user: LOGS_USER, tokenFile: LOG_CREDENTIALS_TOKEN_FILE };
const URL_OF_LOGS = `http://127.0.0.1:${PORTS.logCredentials.port}${LOG_CREDENTIALS.path}`;

/** What jobs may not do to the shipping of logs, on a node that ships them, whose destination asks for a password. */
export function attemptsOfJobsAtLogs(): Attempt[] {
  const cat = (file: string) => ({ ...MODES, argv: ["cat", file] });
  return [
    { name: "logs: the token of the collector", ...cat(LOG_COLLECTOR_TOKEN_FILE) },
    { name: "logs: the token of the credentials", ...cat(LOG_CREDENTIALS_TOKEN_FILE) },
    { name: "logs: the login", ...cat(LOG_LOGIN_FILE) },
    { name: "logs: what the exporter is told", ...cat(LOG_EXPORTER_CONFIGURATION_FILE) },
    { name: "logs: what lies in memory", ...MODES, argv: ["ls", LOGS_RUNTIME] },
    { name: "logs: lines of the JobManager", ...MODES, argv: ["ls", LOG_LINES.jobManager] },
    { name: "logs: what the collector notes", ...MODES, argv: ["ls", LOG_COLLECTOR_DATA] },
    { name: "logs: what the exporter notes", ...MODES, argv: ["ls", LOG_EXPORTER_DATA] },
    { name: "logs: the port of the exporter", ...bind(PORTS.logs.port) },
    { name: "logs: the port of the credentials", ...bind(PORTS.logCredentials.port) },
    { name: "logs: credentials without the token", ...AGENT, argv: http("GET", URL_OF_LOGS) },
    { name: "logs: credentials with the token of jobs", ...withToken(JOB_CREDENTIALS_TOKEN_FILE, URL_OF_LOGS) },
  ];
}

/** What the user of the shippers may not do, were one of them taken over. */
export function attemptsOfLogShippers(): Attempt[] {
  const { user } = SHIPPERS;
  const touch = (file: string) => ({ user, ...MODES, argv: ["touch", file] });
  return [
    ...attemptsOfShipper(SHIPPERS),
    { name: "shippers: a line of a job", ...touch(`${LOG_LINES.taskManager}/attempt`) },
    { name: "shippers: another login", ...touch(`${LOG_SECRETS}/attempt`) },
    { name: "shippers: another status folder", user, ...MODES, argv: ["mv", LOG_STATUS, `${LOGS_RUNTIME}/attempt`] },
    {
      ...{ name: "shippers: what they are told", user, ...MODES },
      argv: ["sh", "-c", `echo >> ${LOG_EXPORTER_CONFIGURATION_FILE}`],
    },
  ];
}

/** What must work, or those attempts prove nothing. */
export function permittedActsOfLogShippers(): PermittedAct[] {
  const act = { user: LOGS_USER, layer: "file modes", refusedBy: /$^/ } as const;
  return [
    {
      ...{ name: "shippers: their credentials", ...act, doneBy: /^200/ },
      argv: withToken(LOG_CREDENTIALS_TOKEN_FILE, URL_OF_LOGS).argv,
    },
    { name: "shippers: their login", ...act, argv: ["cat", LOG_LOGIN_FILE], doneBy: /"username"/ },
    {
      ...{ name: "shippers: lines of a job", ...act, doneBy: /^\{/ },
      argv: ["sh", "-c", `head -c 1 -q ${LOG_LINES.taskManager}/* | head -c 1`],
    },
    { name: "shippers: the journal", ...act, argv: ["journalctl", "--lines=1", "--output=json"], doneBy: /^\{/ },
  ];
}
