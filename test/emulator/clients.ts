import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { Agent, AgentOptions } from "http";
import { Lambda } from "./lambda";
import { SecretsManager } from "./secrets-manager";

/** Region of everything in the emulator's own tests. */
export const REGION = "eu-west-1";

/** Keys of the emulator's administrator: it checks none, but the clients want some. */
export const ADMINISTRATOR = { accessKeyId: "lab-administrator", secretAccessKey: "lab-administrator" };

/** AWS clients that speak to the emulator over its unix socket, from whatever network namespace. */
export class EmulatorClients {
  public readonly ec2: EC2Client;
  public readonly route53: Route53Client;
  public readonly s3: S3Client;
  public readonly sts: STSClient;
  public readonly iam: IAMClient;
  public readonly kms: KMSClient;
  public readonly resourceGroups: ResourceGroupsClient;
  public readonly secretsManager: SecretsManager;
  public readonly lambda: Lambda;
  private readonly agent: Agent;

  public constructor(region: string, socketPath: string) {
    // Node.js takes a socket path for any connection that the agent makes.
    this.agent = new Agent({ socketPath, keepAlive: false, maxSockets: 32 } as AgentOptions);
    const common = (host: string) => ({
      region,
      // The name is never resolved, but tells the emulator which service is meant.
      endpoint: `http://${host}`,
      credentials: ADMINISTRATOR,
      requestHandler: { httpAgent: this.agent },
      maxAttempts: 2,
    });
    this.ec2 = new EC2Client(common(`ec2.${region}.amazonaws.com`));
    this.route53 = new Route53Client(common("route53.amazonaws.com"));
    this.s3 = new S3Client(common(`s3.${region}.amazonaws.com`));
    this.sts = new STSClient(common(`sts.${region}.amazonaws.com`));
    this.iam = new IAMClient(common("iam.amazonaws.com"));
    this.kms = new KMSClient(common(`kms.${region}.amazonaws.com`));
    this.resourceGroups = new ResourceGroupsClient(common(`resource-groups.${region}.amazonaws.com`));
    const plain = { region, accessKeyId: ADMINISTRATOR.accessKeyId, agent: this.agent };
    this.secretsManager = new SecretsManager(plain);
    this.lambda = new Lambda(plain);
  }

  /** Closes the connections. */
  public destroy(): void {
    this.agent.destroy();
  }
}
