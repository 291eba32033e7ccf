/** Who made a call. */
export type Principal = Administrator | RoleSession | ServicePrincipal;

/** The operator with the account's own keys: Terraform, the command line, a person. */
export interface Administrator {
  readonly kind: "administrator";
}

/** A service of AWS in its own name, such as `ec2.amazonaws.com` when a machine gets its role. */
export interface ServicePrincipal {
  readonly kind: "service";
  readonly name: string;
}

/** Somebody who took a role. */
export interface RoleSession {
  readonly kind: "role session";
  /** `arn:aws:sts::123456789012:assumed-role/name/session`. */
  readonly sessionArn: string;
  /** The machine whose credentials these are; absent for a role that was taken by another role. */
  readonly instance?: SourceInstance;
  /** The function of AWS Lambda whose credentials these are. */
  readonly functionArn?: string;
}

export interface SourceInstance {
  readonly id: string;
  readonly vpcId: string;
  readonly address: string;
}

/** Credentials that were handed out. */
export interface IssuedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** From when on it is good for nothing, in milliseconds. */
  readonly expires: number;
  readonly session: RoleSession;
}

const SESSION_ARN = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;

export function partsOfSession(session: RoleSession): { accountId: string; roleName: string; name: string } {
  const match = SESSION_ARN.exec(session.sessionArn);
  if (!match) throw new Error(`not the ARN of a role's session: ${session.sessionArn}`);
  return { accountId: match[1], roleName: match[2], name: match[3] };
}

/** How the log calls them: a role by its name and session, so that a line says which machine called. */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case "administrator":
      return "administrator";
    case "service":
      return principal.name;
    case "role session": {
      const { roleName, name } = partsOfSession(principal);
      return `${roleName}/${name}`;
    }
  }
}

/** Which key belongs to whom: told by whoever hands credentials out. */
export class IssuedKeys {
  private readonly keys = new Map<string, IssuedKey>();

  public learn(key: IssuedKey): void {
    this.keys.set(key.accessKeyId, key);
  }

  public of(accessKeyId: string): IssuedKey | undefined {
    return this.keys.get(accessKeyId);
  }
}

/** The credentials in an answer of STS, as AssumeRole and its kin give them; undefined for any other answer. */
export function issuedBy(answer: string): IssuedKey | undefined {
  const element = (name: string) => new RegExp(`<${name}>\\s*([^<]+?)\\s*</${name}>`).exec(answer)?.[1];
  const [accessKeyId, secretAccessKey] = [element("AccessKeyId"), element("SecretAccessKey")];
  const [sessionToken, sessionArn] = [element("SessionToken"), element("Arn")];
  const expires = Date.parse(element("Expiration") ?? "");
  if (Number.isNaN(expires)) return undefined;
  if (!accessKeyId || !secretAccessKey || !sessionToken || !sessionArn || !SESSION_ARN.test(sessionArn)) {
    return undefined;
  }
  return { accessKeyId, secretAccessKey, sessionToken, expires, session: { kind: "role session", sessionArn } };
}
