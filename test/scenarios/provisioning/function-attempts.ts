import type { Lab } from "../../lab/lab";
import type { IssuedKey } from "../../lab/judge/principals";
import { ACCESS_DENIED, AWS_CALL } from "../attempts-at-aws";
import { Attempt, AttemptOutcome, PermittedAct, requireActs, tryAttempts } from "../job-is-not-machine";
import { STRANGER_NAME } from "../lab-stacks";
import { ProbeTarget, probePorts } from "../ports-probe";
import type { ShellHost } from "../shell-host";
import { DATABASE_MACHINE, OTHER_KEY_ALIAS, OTHER_SECRET } from "./provisioning-stacks";

export interface FunctionTargets {
  readonly functionName: string;
  /** Of the database. */
  readonly host: string;
  readonly port: number;
  readonly administratorSecretArn: string;
  /** Of a user that the deploy makes. */
  readonly userSecretArn: string;
}

/** Of a call that writes, by which Secrets Manager knows it again. */
const TOKEN = "00000000-0000-4000-8000-000000000000";
/** What other systems listen on, and nothing of the database. */
const OTHER_PORTS = [22, 80, 443, 5432, 9098, 65_535];
/** Services that the function does not call. */
const OTHER_SERVICES = ["s3", "kms", "sts", "ec2", "lambda", "logs", "rds"];
const NO_WAY = /no answer: .*timed out/;

type Tried = readonly [name: string, target: ProbeTarget];

/** Ways from where a function runs, and to it: those that it needs must be open, or the others would prove nothing. */
export async function tryWays(lab: Lab, targets: FunctionTargets): Promise<AttemptOutcome[]> {
  const { functionName, host, port } = targets;
  const place = lab.functionPlace(functionName);
  const [database, stranger] = [DATABASE_MACHINE, STRANGER_NAME].map((name) => lab.machine(name));
  const service = (name: string) => `${name}.${lab.region}.amazonaws.com`;
  const secrets = { host: service("secretsmanager"), port: 443 };
  const ofFunction = await probePorts(place, [{ host, port }, secrets]);
  if (ofFunction.some((outcome) => outcome !== "open")) {
    throw new Error(`the function must reach the database and Secrets Manager, but they are ${ofFunction.join(", ")}`);
  }
  const fromFunction: Tried[] = [
    ...OTHER_PORTS.map((other): Tried => [`call port ${other} of the database's machine`, { host, port: other }]),
    ...[...OTHER_PORTS, port].map((other): Tried => {
      return [`call port ${other} of another machine`, { host: lab.addressOf(stranger), port: other }];
    }),
    ...OTHER_SERVICES.map((name): Tried => [`call AWS's service ${name}`, { host: service(name), port: 443 }]),
    ["call Secrets Manager without TLS", { ...secrets, port: 80 }],
  ];
  const toFunction = [443, port].map((one): Tried => [
    `call port ${one} of the function`,
    { host: place.address, port: one },
  ]);
  const fromStranger: Tried[] = [
    ["call the database", { host, port }],
    ["call Secrets Manager", secrets],
    ...toFunction,
  ];
  return [
    ...(await tryEach("from the function", place, fromFunction)),
    ...(await tryEach(`from the machine ${stranger.name}`, stranger, fromStranger)),
    ...(await tryEach("from the database's machine", database, toFunction)),
  ];
}

async function tryEach(from: string, host: ShellHost, tried: readonly Tried[]): Promise<AttemptOutcome[]> {
  const outcomes = await probePorts(
    host,
    tried.map(([, target]) => target),
  );
  return tried.map(([name], index) => {
    const said = outcomes[index];
    const outcome = said === "silent" ? "refused" : "done";
    return { attempt: `${from}: ${name}`, layer: "security groups", outcome, said };
  });
}

/** What the function's credentials are worth beyond what it does: where it runs, and to who has got hold of them. */
export async function tryCredentials(lab: Lab, targets: FunctionTargets): Promise<AttemptOutcome[]> {
  const { functionName, administratorSecretArn, userSecretArn } = targets;
  const calls = callsBy(lab.functionKey(functionName), lab.region);
  const { secretsManager, kms } = calls;
  const secrets = await lab.aws().secretsManager.list();
  const other = secrets.find(({ Name }) => Name === OTHER_SECRET)!.ARN;
  const iam = { layer: "IAM", refusedBy: ACCESS_DENIED } as const;
  const ways = { layer: "security groups", refusedBy: NO_WAY } as const;
  const write = (SecretId: string) => ({ SecretId, SecretString: "{}", ClientRequestToken: TOKEN });
  const readAdministrator = secretsManager("GetSecretValue", { SecretId: administratorSecretArn });
  const attempts: Attempt[] = [
    { name: "read a secret of others", ...iam, ...secretsManager("GetSecretValue", { SecretId: other }) },
    { name: "write a secret of others", ...iam, ...secretsManager("PutSecretValue", write(other)) },
    {
      ...{ name: "write the administrator's secret", ...iam },
      ...secretsManager("PutSecretValue", write(administratorSecretArn)),
    },
    { name: "delete a user's secret", ...iam, ...secretsManager("DeleteSecret", { SecretId: userSecretArn }) },
    { name: "describe a user's secret", ...iam, ...secretsManager("DescribeSecret", { SecretId: userSecretArn }) },
    {
      ...{ name: "let others have a user's secret", ...iam },
      ...secretsManager("PutResourcePolicy", { SecretId: userSecretArn, ResourcePolicy: "{}" }),
    },
    { name: "list secrets", ...iam, ...secretsManager("ListSecrets", {}) },
    { name: "use a key of others", ...ways, ...kms("Decrypt", { KeyId: OTHER_KEY_ALIAS, CiphertextBlob: "eA==" }) },
  ];
  const permitted: PermittedAct = {
    ...{ name: "read the administrator's secret", ...iam, refusedBy: /$^/, doneBy: /^200 / },
    ...readAdministrator,
  };
  const place = lab.functionPlace(functionName);
  await requireActs(place, [permitted]);
  const elsewhere: Attempt = { name: "read the administrator's secret", ...ways, ...readAdministrator };
  const prefixed = (from: string, outcomes: readonly AttemptOutcome[]) =>
    outcomes.map((one) => ({ ...one, attempt: `${from}: ${one.attempt}` }));
  return [
    ...prefixed("with the function's credentials", await tryAttempts(place, attempts)),
    ...prefixed(
      `with the function's credentials, from the machine ${STRANGER_NAME}`,
      await tryAttempts(lab.machine(STRANGER_NAME), [elsewhere]),
    ),
  ];
}

/** Calls of AWS, signed by given credentials. */
function callsBy(key: IssuedKey, region: string) {
  const keys = { AccessKeyId: key.accessKeyId, SecretAccessKey: key.secretAccessKey, Token: key.sessionToken };
  const call = (service: string, target: string, parameters: object): Pick<Attempt, "argv" | "input" | "user"> => ({
    user: "root",
    argv: ["python3", "-c", AWS_CALL],
    input: JSON.stringify({
      ...{ keys, service, region, host: `${service}.${region}.amazonaws.com`, method: "POST", path: "/" },
      body: JSON.stringify(parameters),
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    }),
  });
  return {
    secretsManager: (action: string, parameters: object) =>
      call("secretsmanager", `secretsmanager.${action}`, parameters),
    kms: (action: string, parameters: object) => call("kms", `TrentService.${action}`, parameters),
  };
}
