import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { IssuedKey, RoleSession } from "../judge/principals";
import { Verdict } from "./api-call";

/** Who has a say in handing out credentials, and wants to know whose they are. */
export interface CredentialsOffice {
  serviceMayAssume(service: string, roleArn: string): Promise<Verdict>;
  learn(key: IssuedKey): void;
}

/** A service of AWS takes a role for what it runs: a machine, or a function. */
export interface ServiceRole {
  /** Such as `ec2.amazonaws.com`. */
  readonly service: string;
  readonly roleArn: string;
  /** Logs and policies see it. */
  readonly sessionName: string;
  readonly seconds: number;
  /** What the service says of the session. */
  readonly runs: Pick<RoleSession, "instance" | "functionArn">;
}

/** The role's credentials; or who refused them. */
export type ServiceCredentials = { readonly key: IssuedKey } | { readonly refused: Verdict };

export async function credentialsFor(
  { service, roleArn, sessionName, seconds, runs }: ServiceRole,
  sts: STSClient,
  office: CredentialsOffice,
): Promise<ServiceCredentials> {
  const verdict = await office.serviceMayAssume(service, roleArn);
  if (!verdict.allowed) return { refused: verdict };
  const given = { RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: seconds };
  const answer = await sts.send(new AssumeRoleCommand(given));
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!;
  const key: IssuedKey = {
    ...{ accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
    expires: Date.now() + seconds * 1000,
    session: { kind: "role session", sessionArn: answer.AssumedRoleUser!.Arn!, ...runs },
  };
  office.learn(key);
  return { key };
}
