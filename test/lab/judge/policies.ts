/** A policy as JSON, in the words of IAM. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly [element: string]: unknown;
}

export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

export interface RolePolicies {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who may take it. */
  readonly trust: PolicyDocument;
  /** Inline and attached ones. */
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

export interface BucketPolicies {
  readonly name: string;
  readonly policy?: PolicyDocument;
  /** ARN, id or alias of the key that encrypts by default; absent where S3's own keys do. */
  readonly key?: string;
  /** Whether one data key serves many objects: the encryption context then names the bucket. */
  readonly bucketKey: boolean;
}

export interface KeyPolicies {
  readonly arn: string;
  readonly policy: PolicyDocument;
  /** Such as `alias/x`. */
  readonly aliases: readonly string[];
}

export interface SecretPolicies {
  readonly arn: string;
  readonly name: string;
  /** ARN, id or alias of the key that encrypts it; absent where the account's own key of the service does. */
  readonly key?: string;
  readonly policy?: PolicyDocument;
}

export interface EndpointPolicies {
  readonly id: string;
  readonly vpcId: string;
  /** Such as `com.amazonaws.eu-west-1.s3`. */
  readonly service: string;
  readonly type: string;
  readonly policy: PolicyDocument;
  /** Of its interfaces; empty for a gateway. */
  readonly addresses: readonly string[];
}

/** Everything that says who may do what in the account, as plain data. */
export interface AccountPolicies {
  readonly accountId: string;
  readonly region: string;
  readonly roles: readonly RolePolicies[];
  readonly buckets: readonly BucketPolicies[];
  readonly keys: readonly KeyPolicies[];
  readonly secrets: readonly SecretPolicies[];
  readonly endpoints: readonly EndpointPolicies[];
}

/** What an endpoint has that was given no policy (AWS PrivateLink guide, "Control access using endpoint policies"). */
export const FULL_ACCESS: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "DefaultFullAccess", Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
};

/** Where a statement stands. */
export type PolicyLayer = "identity" | "boundary" | "trust" | "bucket" | "key" | "secret" | "endpoint";

/** One statement, so that a person finds it. */
export interface StatementName {
  readonly layer: PolicyLayer;
  /** The role, bucket, key, secret or endpoint that it belongs to. */
  readonly owner: string;
  readonly policy: string;
  /** Its Sid, or its place in the document such as `#1`. */
  readonly sid: string;
}

export interface StatementInForce extends StatementName {
  /** What it allows, as it is written; empty for what denies, or allows all but some. */
  readonly actions: readonly string[];
}

/** One line for it, the same in every log: `identity flink-node-x/flink-node#ReadSoftware`. */
export function statementLine({ layer, owner, policy, sid }: StatementName): string {
  return `${layer} ${owner}/${policy} ${sid}`;
}

/** The reverse of `statementLine`. */
export function parseStatementLine(line: string): StatementName {
  const match = /^(\S+) (.*)\/([^/]*) (\S+)$/.exec(line);
  if (!match) throw new Error(`not a statement's line: ${line}`);
  const [, layer, owner, policy, sid] = match;
  return { layer: layer as PolicyLayer, owner, policy, sid };
}

export function statementsOf(document: PolicyDocument): readonly Statement[] {
  return Array.isArray(document.Statement) ? (document.Statement as Statement[]) : [document.Statement as Statement];
}

/** Its Sid, or its place from 1 on. */
export function sidOf(statement: Statement, index: number): string {
  return statement.Sid || `#${index + 1}`;
}

/** How people know a key: by its alias; by its id where it has none. */
export function keyName({ arn, aliases }: KeyPolicies): string {
  return (aliases[0]?.replace(/^alias\//, "") ?? arn.split("/").pop()!).replace(/\//g, ":");
}

/** The service that an endpoint leads to, such as `kms`. */
export function endpointName({ service }: EndpointPolicies): string {
  return service.split(".").slice(3).join(".");
}

/** Every policy of the account. */
export function everyDocument({ roles, buckets, keys, secrets, endpoints }: AccountPolicies): PolicyDocument[] {
  return [
    ...roles.flatMap(({ trust, identity, boundary }) => [
      trust,
      ...identity.map(({ document }) => document),
      boundary?.document,
    ]),
    ...[...buckets, ...keys, ...secrets, ...endpoints].map(({ policy }) => policy),
  ].filter((document) => document !== undefined);
}

/** The name of every statement of the account. */
export function everyStatement(policies: AccountPolicies): StatementName[] {
  return statementsInForce(policies).map(({ layer, owner, policy, sid }) => ({ layer, owner, policy, sid }));
}

/** Every statement of the account. */
export function statementsInForce(policies: AccountPolicies): StatementInForce[] {
  const of = (layer: PolicyLayer, owner: string, policy: string, document: PolicyDocument) =>
    statementsOf(document).map((statement, index) => {
      return { layer, owner, policy, sid: sidOf(statement, index), actions: allowedBy(statement) };
    });
  return [
    ...policies.roles.flatMap((role) => [
      ...of("trust", role.name, "trust", role.trust),
      ...role.identity.flatMap(({ name, document }) => of("identity", role.name, name, document)),
      ...(role.boundary ? of("boundary", role.name, role.boundary.name, role.boundary.document) : []),
    ]),
    ...policies.buckets.flatMap(({ name, policy }) => (policy ? of("bucket", name, "policy", policy) : [])),
    ...policies.keys.flatMap((key) => of("key", keyName(key), "policy", key.policy)),
    ...policies.secrets.flatMap(({ name, policy }) => (policy ? of("secret", name, "policy", policy) : [])),
    ...policies.endpoints.flatMap((endpoint) => of("endpoint", endpoint.id, endpointName(endpoint), endpoint.policy)),
  ];
}

function allowedBy({ Effect, Action = [] }: Statement): string[] {
  return Effect === "Allow" ? [Action].flat().map(String) : [];
}
