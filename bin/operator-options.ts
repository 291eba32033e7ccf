import { EC2Client } from "@aws-sdk/client-ec2";
import { KMSClient } from "@aws-sdk/client-kms";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Command, InvalidArgumentError, Option } from "commander";
import { PrivateCa } from "../lib/core/private-ca/private-ca";
import { isPrivateCa } from "../lib/core/private-ca/private-ca-arn";
import { operatedCluster, type OperatedCluster } from "../lib/operate/operated-cluster";
import { OperatorIdentity } from "../lib/operate/operator-identity";
import { clientMachines } from "../lib/operate/tunnel/client-machines";
import { SessionManagerWays } from "../lib/operate/tunnel/session-manager-ways";
import { DirectWays, type IWays } from "../lib/operate/tunnel/way";
import { clientCertificate, type NamedPrivateAuthorities } from "../lib/software/client-certificate";
import { privateCaEndpoint } from "../lib/software/private-ca-endpoint";
import { clusterOf, type ClusterFlags, type NamedCluster, withClusterOptions } from "./cluster-options";

/** How the nodes of a cluster are reached. */
export interface WayFlags {
  readonly through?: string;
  readonly direct: boolean;
}

/** Which cluster is called, and how it is reached. */
export interface OperatorFlags extends ClusterFlags, WayFlags {}

/** What a command has that calls a cluster. */
export interface Operator {
  readonly from: NamedCluster;
  readonly cluster: OperatedCluster;
  /** The cluster as it is just now. */
  readonly look: () => Promise<OperatedCluster>;
  readonly ways: IWays;
  readonly identity: OperatorIdentity;
}

const MACHINE = /^m?i-[0-9a-f]{8,17}$/;

/** The options of `OperatorFlags`. */
export function withOperatorOptions(command: Command): Command {
  return withWayOptions(withClusterOptions(command)).addHelpText("after", HOW_TO_REACH_NODES);
}

/** The options of `WayFlags`. */
export function withWayOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--through <instance>",
        "the machine in the cluster's network that Session Manager leads to (default: one that is tagged so)",
      ).argParser(machine),
    )
    .addOption(
      new Option("--direct", "call the nodes from here, without Session Manager").default(false).conflicts("through"),
    );
}

/** What stands below the help of a command that calls nodes. */
export const HOW_TO_REACH_NODES = `
The nodes are reached by AWS Session Manager through a machine that is a client of the cluster, such as that of
examples/client: it is found by its tag cdktf-flink:client-of, whose value is the name of the cluster. It needs the program
session-manager-plugin. From a machine that reaches the nodes by itself, give --direct.

You call them with a certificate that the cluster's client authority signs for you now, by your own AWS identity, and which
stays in memory or in a folder of yours that is removed at the end.

Your role may do all this where the cluster's grantOperate names it. It needs to get objects below desired-state/, reports/
and rolls/ of the bucket, and to list reports/ and checkpoints/; kms:Sign and kms:GetPublicKey for the client authority, and
kms:GetPublicKey for the node authority; and without --direct ec2:DescribeInstances, ssm:StartSession with the machine and
with the document AWS-StartPortForwardingSessionToRemoteHost, ssmmessages:OpenDataChannel, ssm:ResumeSession and
ssm:TerminateSession.`;

/** The cluster that the flags name, and the operator's certificate for it. */
export async function operatorOf(flags: OperatorFlags, validitySeconds: number): Promise<Operator> {
  const from = await clusterOf(flags);
  const { region } = from;
  const look = (): Promise<OperatedCluster> => operatedCluster(from);
  const cluster = await look();
  const kms = new KMSClient({ region });
  const privateAuthorities = privateAuthoritiesOf(cluster, kms);
  const identity = await OperatorIdentity.begin(() =>
    clientCertificate({ from, kms, privateAuthorities, validitySeconds }),
  );
  return { from, cluster, look, ways: waysOf(flags, from), identity };
}

function waysOf({ through, direct }: WayFlags, { region, cluster }: NamedCluster): IWays {
  if (direct) return new DirectWays();
  const find = async (): Promise<readonly string[]> =>
    through === undefined ? clientMachines(new EC2Client({ region }), cluster) : [through];
  return new SessionManagerWays(new SSMClient({ region }), find);
}

/** Those of the cluster, where they are of AWS Private CA. */
function privateAuthoritiesOf({ state }: OperatedCluster, kms: KMSClient): NamedPrivateAuthorities | undefined {
  const { nodeAuthorityArn, clientAuthorityArn } = state.certificates;
  if (!isPrivateCa(clientAuthorityArn)) return undefined;
  const service = new PrivateCa({
    endpoint: privateCaEndpoint(clientAuthorityArn),
    credentials: () => kms.config.credentials(),
  });
  return { service, nodeAuthorityArn, clientAuthorityArn };
}

function machine(text: string): string {
  if (!MACHINE.test(text)) throw new InvalidArgumentError("Give the id of a machine, such as i-0123456789abcdef0.");
  return text;
}
