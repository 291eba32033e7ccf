import { PRIVATE_CA_ARN } from "../core/private-ca/private-ca-arn";
import { CONNECTION_NAME } from "./connections";
import type { ConnectionCredential, ConnectionCredentialSpec, DesiredState, JobCredentialsSpec } from "./desired-state";
import type { MetricsSpec, ShippingSpec, SoftwareItem } from "./desired-state";
import { isHostSetting } from "./host-settings";
import { isMaintenanceWindow } from "./maintenance-window";
import type { MetricsLoginForm } from "./metrics/metrics-login";
import { PREFIX } from "./paths";

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;
const UNIT_NAME = /^[a-z][a-z0-9-]*\.service$/;
const USER_NAME = /^[a-z][a-z0-9-]{0,30}$/;
const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const SECRET_ARN = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/;
const LOGIN_FORMS: Readonly<Record<MetricsLoginForm, true>> = { basic: true, token: true, postgresql: true };
const CREDENTIAL_KINDS: Readonly<Record<ConnectionCredential["kind"], true>> = {
  "kafka-scram": true,
  "kafka-certificate": true,
  basic: true,
  postgresql: true,
};
/** New files in a folder may have its group: that is how one user reads what another writes. */
const FOLDER_MODE = /^[02][0-7]{3}$/;
const FILE_MODE = /^0[0-7]{3}$/;
const ROLE_ARN = /^arn:[a-z-]+:iam::[0-9]{12}:role\/[\x21-\x7e]{1,576}$/;

/**
 * Why a node refuses a desired state, one sentence; nothing when it is good. It is checked before anything
 * is changed, because an object in a bucket may be of another release or of another cluster.
 */
export function findProblem(state: unknown, cluster: string, node: string): string | undefined {
  try {
    return problemOf(state as DesiredState, cluster, node);
  } catch (error) {
    return `the desired state is not of the known form (${(error as Error).message})`;
  }
}

function problemOf(state: DesiredState, cluster: string, node: string): string | undefined {
  if (typeof state !== "object" || state === null) return "the desired state is no JSON object";
  if (state.schemaVersion !== 1) {
    return `the desired state has schemaVersion ${String(state.schemaVersion)}, but this agent knows 1 only`;
  }
  if (state.cluster !== cluster) {
    return `the desired state is of cluster ${String(state.cluster)}, but this node belongs to ${cluster}`;
  }
  const spec = state.nodes.find((candidate) => candidate.name === node);
  if (!spec) return `the desired state has no node ${node}: it names ${state.nodes.map((one) => one.name).join(", ")}`;

  for (const item of [state.agent, state.nodeJs, ...state.software]) {
    const problem = problemOfSoftware(item);
    if (problem) return problem;
  }
  for (const user of state.users) {
    if (![user.name, ...user.groups].every((name) => USER_NAME.test(name)) || !Number.isInteger(user.id)) {
      return `the user ${String(user.name)} of the desired state is not well formed`;
    }
  }
  const roleProblem =
    problemOfRole("jobs", state.jobCredentials) ??
    problemOfShipping("logs", state.logs) ??
    problemOfMetrics(state.metrics);
  if (roleProblem) return roleProblem;
  const credentialProblem = problemOfCredentials(state.connectionCredentials ?? []);
  if (credentialProblem) return credentialProblem;
  const settings = state.files.filter(({ path }) => isHostSetting(path));
  const foreign = settings.find(({ owner, group }) => owner !== "root" || group !== "root");
  if (foreign) return `the desired state gives ${foreign.path}, a setting of the system, to ${String(foreign.owner)}`;
  const placed = [
    ...[...state.directories, ...state.linkFolders],
    ...[...state.files.filter((file) => !settings.includes(file)), ...spec.files],
  ];
  const outside = placed.find(({ path }) => !isBelowPrefix(path));
  if (outside) return `the desired state names the path ${String(outside.path)}, which is not below ${PREFIX}`;
  const laidOut = [
    ...state.directories.map((folder) => ({ ...folder, modes: FOLDER_MODE })),
    ...[...state.files, ...spec.files].map((file) => ({ ...file, modes: FILE_MODE })),
  ];
  for (const { path, mode, modes, owner, group } of laidOut) {
    if (!modes.test(mode)) return `the desired state gives ${path} the mode ${String(mode)}`;
    if (![owner, group].every((name) => USER_NAME.test(name))) return `the desired state gives ${path} no good owner`;
  }
  for (const folder of state.linkFolders) {
    if (!folder.links.every((link) => PLAIN_NAME.test(link.name))) return `a link in ${folder.path} has no plain name`;
  }
  const { nodeAuthorityArn, clientAuthorityArn, validitySeconds } = state.certificates;
  const authorities = [nodeAuthorityArn, clientAuthorityArn];
  if (![KEY_ARN, PRIVATE_CA_ARN].some((form) => authorities.every((arn) => form.test(arn)))) {
    return "the desired state names its authorities neither by ARNs of keys nor by those of private CAs";
  }
  if (!Number.isInteger(validitySeconds) || validitySeconds < 1) {
    return `the desired state lets certificates be good for ${String(validitySeconds)} seconds`;
  }
  if (state.maintenanceWindow !== undefined && !isMaintenanceWindow(state.maintenanceWindow)) {
    return "the desired state has a maintenance window of no known form";
  }
  if (state.allowStateLoss !== undefined && state.allowStateLoss !== true) {
    return `the desired state has the allowStateLoss ${String(state.allowStateLoss)}, which is true or not there`;
  }
  const unreadable = state.units.find(({ reads }) => reads?.every((path) => typeof path === "string") === false);
  if (unreadable) return `the unit ${String(unreadable.name)} of the desired state does not name what it reads`;
  const units = new Set(state.units.map((unit) => unit.name));
  const badUnit = [...units].find((name) => !UNIT_NAME.test(name)) ?? spec.units.find((name) => !units.has(name));
  if (badUnit !== undefined) return `the desired state names the unit ${String(badUnit)}, which it does not define`;
  return undefined;
}

function problemOfSoftware(item: SoftwareItem): string | undefined {
  const what = `the part ${String(item?.name)} of the desired state`;
  if (![item.name, item.version, item.fileName].every((text) => PLAIN_NAME.test(text))) {
    return `${what} has a name, version or file name that is none`;
  }
  if (!SHA256.test(item.sha256)) return `${what} has no SHA-256`;
  if (typeof item.key !== "string" || item.key === "") return `${what} has no key`;
  if (item.kind !== "tar.gz" && item.kind !== "file") return `${what} is of the unknown kind ${String(item.kind)}`;
  return undefined;
}

function problemOfRole(whose: string, { roleArn, port }: JobCredentialsSpec): string | undefined {
  if (ROLE_ARN.test(roleArn) && Number.isInteger(port) && port >= 1 && port <= 65_535) return undefined;
  return `the desired state names no good role or port for the credentials of ${whose}: ${String(roleArn)}, ${String(port)}`;
}

function problemOfShipping(what: string, shipping: ShippingSpec | undefined): string | undefined {
  if (!shipping) return undefined;
  const { credentials, secretArn } = shipping;
  if (secretArn !== undefined && !SECRET_ARN.test(secretArn)) {
    return `the login for ${what} in the desired state names no secret by its ARN: ${String(secretArn)}`;
  }
  return problemOfRole(what, credentials);
}

function problemOfMetrics(metrics: MetricsSpec | undefined): string | undefined {
  if (!metrics) return undefined;
  const { loginForm, secretArn } = metrics;
  const isKnown = secretArn === undefined ? loginForm === undefined : Object.hasOwn(LOGIN_FORMS, loginForm ?? "");
  if (!isKnown) return `the login for metrics in the desired state is of the unknown form ${String(loginForm)}`;
  return problemOfShipping("metrics", metrics);
}

function problemOfCredentials(credentials: readonly ConnectionCredentialSpec[]): string | undefined {
  const names = new Set<string>();
  for (const { name, kind, secretArn } of credentials) {
    const what = `the credential of the connection ${String(name)} in the desired state`;
    if (!CONNECTION_NAME.test(name)) return `${what} is of a connection whose name is none`;
    if (names.has(name)) return `${what} is there twice`;
    if (!Object.hasOwn(CREDENTIAL_KINDS, kind)) return `${what} is of the unknown kind ${String(kind)}`;
    if (!SECRET_ARN.test(secretArn)) return `${what} names no secret by its ARN: ${String(secretArn)}`;
    names.add(name);
  }
  return undefined;
}

function isBelowPrefix(path: string): boolean {
  return path.startsWith(`${PREFIX}/`) && !path.split("/").includes("..");
}
