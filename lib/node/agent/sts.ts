import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { bounded, machineClient } from "./machine-client";

/** Credentials that end by themselves. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Who gives credentials of a role; each call ends within a bound. */
export interface RoleTaker {
  take(roleArn: string, sessionName: string): Promise<SessionCredentials>;
}

/** The longest that STS gives to a role that takes another one (IAM User Guide, "Role chaining"). */
const SESSION_SECONDS = 3600;

/** STS with the machine's own role. */
export class Sts implements RoleTaker {
  private readonly client: STSClient;

  /** @param endpoint that of the region: the global one is not reached from the network */
  public constructor(region: string, endpoint: string) {
    this.client = new STSClient({ region, endpoint, ...machineClient() });
  }

  public async take(roleArn: string, sessionName: string): Promise<SessionCredentials> {
    const { Credentials: given } = await this.client.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: SESSION_SECONDS }),
      bounded(),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw new Error("STS gave no credentials");
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  }
}
