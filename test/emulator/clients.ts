import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { Agent } from "node:http";

/** Region of everything in the tests. */
export const REGION = "eu-west-1";

/** Agent that takes every connection to a unix socket, whatever host the request names. */
export function unixSocketAgent(socketPath: string): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const connect = agent.createConnection.bind(agent);
  // Node asks the agent for a connection to host and port; a path given instead leads to the socket.
  agent.createConnection = (options: object, callback: never) => connect({ ...options, path: socketPath }, callback);
  return agent;
}

/** SDK clients that speak to an emulator through its unix socket, and so into any namespace. */
export class EmulatorClients {
  public readonly ec2: EC2Client;
  public readonly iam: IAMClient;
  public readonly kms: KMSClient;
  public readonly route53: Route53Client;
  public readonly s3: S3Client;
  private readonly agent: Agent;

  public constructor(socketPath: string) {
    this.agent = unixSocketAgent(socketPath);
    const shared = {
      region: REGION,
      endpoint: "http://localhost",
      credentials: { accessKeyId: "AKIAEMULATOREMULATOR", secretAccessKey: "emulator" },
      maxAttempts: 1,
      requestHandler: { httpAgent: this.agent },
    };
    this.ec2 = new EC2Client(shared);
    this.iam = new IAMClient(shared);
    this.kms = new KMSClient(shared);
    this.route53 = new Route53Client(shared);
    this.s3 = new S3Client({ ...shared, forcePathStyle: true });
  }

  /** Closes the connections. */
  public destroy(): void {
    this.agent.destroy();
  }
}
