import { METADATA_ADDRESSES } from "../../lib/node/host-firewall";
import { JOB_CREDENTIALS } from "../../lib/node/job-credentials";
import {
  APPLIED_STATE_FILE,
  FLINK_CONF,
  IDENTITY_FILE,
  JOB_CREDENTIALS_TOKEN_FILE,
  TASK_MANAGER_PATHS,
  ZOOKEEPER_DATA,
} from "../../lib/node/paths";
import { PORTS } from "../../lib/node/ports";
import { JOB_MANAGER_TLS, TASK_MANAGER_TLS } from "../../lib/node/tls-paths";
import { Attempt, DENIED, http } from "./job-is-not-machine";

export const MODES = { layer: "file modes", refusedBy: DENIED } as const;
export const KERNEL = { layer: "kernel", refusedBy: DENIED } as const;
export const AGENT = { layer: "agent", refusedBy: /^401/ } as const;
const URL_OF_JOBS = `http://127.0.0.1:${PORTS.jobCredentials.port}${JOB_CREDENTIALS.path}`;

/** Who ships something of a node, as names of attempts call it, and the token that its credentials are given for. */
export interface Shipper {
  readonly name: string;
  readonly user: string;
  readonly tokenFile: string;
}

/** What a shipper may not do to the node and its jobs, whatever it ships, were it taken over. */
export function attemptsOfShipper({ name, user, tokenFile }: Shipper): Attempt[] {
  const cat = (file: string) => ({ user, ...MODES, argv: ["cat", file] });
  const list = (folder: string) => ({ user, ...MODES, argv: ["ls", folder] });
  return [
    { name: `${name}: the token of jobs`, ...cat(JOB_CREDENTIALS_TOKEN_FILE) },
    { name: `${name}: credentials of jobs with its own token`, user, ...withToken(tokenFile, URL_OF_JOBS) },
    {
      ...{ name: `${name}: metadata`, user, layer: "host firewall", refusedBy: /no answer: .*(refused|unreachable)/i },
      argv: http("GET", `http://${METADATA_ADDRESSES.ipv4}/latest/meta-data/iam/info`),
    },
    { name: `${name}: Flink's configuration`, ...cat(`${FLINK_CONF}/config.yaml`) },
    { name: `${name}: the key of the JobManager`, ...cat(JOB_MANAGER_TLS.pem) },
    { name: `${name}: the key of the TaskManager`, ...cat(TASK_MANAGER_TLS.pem) },
    { name: `${name}: the applied desired state`, ...cat(APPLIED_STATE_FILE) },
    { name: `${name}: the machine's identity`, ...cat(IDENTITY_FILE) },
    { name: `${name}: folders of the TaskManager`, ...list(TASK_MANAGER_PATHS.home) },
    { name: `${name}: ZooKeeper's data`, ...list(ZOOKEEPER_DATA) },
  ];
}

/** Asks with what a file holds, which who asks must be able to read. */
export function withToken(file: string, url: string): Pick<Attempt, "layer" | "refusedBy" | "argv"> {
  const [python, option, program, ...call] = http("GET", url);
  const shell = `"$@" "Authorization=$(cat ${file})"`;
  return { ...AGENT, argv: ["sh", "-c", shell, "sh", python, option, program, ...call] };
}

/** Takes a port of loopback, which is the kernel's to refuse. */
export function bind(port: number): Pick<Attempt, "layer" | "refusedBy" | "argv"> {
  return { ...KERNEL, argv: ["python3", "-c", `import socket; socket.socket().bind(("127.0.0.2", ${port}))`] };
}
