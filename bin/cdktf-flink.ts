import path from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { Command, InvalidArgumentError, Option } from "commander";
import { PrivateCa } from "../lib/core/private-ca/private-ca";
import { PRIVATE_CA_ARN } from "../lib/core/private-ca/private-ca-arn";
import { ValidationError } from "../lib/core/validation";
import { STORE_PASSWORD } from "../lib/node/tls-paths";
import { s3Client } from "../lib/software/bucket";
import { clientCertificate, type NamedPrivateAuthorities } from "../lib/software/client-certificate";
import { writeClientFiles, type ClientFiles } from "../lib/software/client-files";
import type { ConnectorName } from "../lib/core/connector-name";
import { CONNECTOR_NAMES, connectorNamed, PACKAGED_CONNECTOR_NAMES } from "../lib/software/connectors";
import { fetchSoftware } from "../lib/software/fetch";
import { LOCK_FILE_NAME, readLockFile } from "../lib/software/lock-file";
import { clusterStatus, knownNodes, type ClusterBucket } from "../lib/software/node-status";
import { packageVersion } from "../lib/software/package-part";
import { explain, Problem } from "../lib/software/problem";
import { privateCaEndpoint } from "../lib/software/private-ca-endpoint";
import { progressFor, type Progress } from "../lib/software/progress";
import { publishSoftware } from "../lib/software/publish";
import { renderStatus } from "../lib/software/status-table";
import { ARCHITECTURES, flinkLines, ORIGINS, type Architecture, type OriginName } from "../lib/software/software-table";
import { waitForNodes } from "../lib/software/wait";
import { certificateValidity, duration, example, list, wholeNumber } from "./arguments";
import { addDashboards } from "./dashboards-command";
import { addLogs, addPrepareLogs } from "./log-commands";
import { addPlan, DANGEROUS } from "./plan-command";

const DEFAULT_LINE = "2.2";
const WRONG_USAGE = 2;

interface SoftwareFlags {
  readonly lockFile: string;
  readonly origin: OriginName;
  readonly flink?: readonly string[];
  readonly architecture?: readonly Architecture[];
  readonly connector?: readonly ConnectorName[];
  readonly logs?: boolean;
  readonly metrics?: boolean;
}

interface PublishFlags extends Omit<SoftwareFlags, "connector"> {
  readonly bucket: string;
  readonly region?: string;
  /** False where none is to be published. */
  readonly connector?: readonly ConnectorName[] | false;
}

interface ClusterFlags {
  readonly bucket: string;
  readonly cluster: string;
  readonly region?: string;
}

function program(): Command {
  const cli = new Command("cdktf-flink")
    .description("Software, publication, plans, health and logs of Flink clusters that cdktf-flink builds")
    .version(packageVersion())
    .showHelpAfterError("(see --help)")
    // Help and version end with 0; everything else that ends the program here is a wrong command line.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USAGE))
    .addHelpText(
      "after",
      `
Environment:
  CDKTF_FLINK_CACHE   where downloads are kept (default ~/.cache/cdktf-flink)
  AWS_*               credentials, region and endpoint, as for every AWS tool
  OPENSEARCH_PASSWORD the password of --user; without it, it is asked for
  DEBUG               set to anything to see where a failure came from

Exit codes:
  0  done
  1  it failed; for wait also: the time is over
  ${WRONG_USAGE}  the command line is wrong
  ${DANGEROUS}  plan: it is dangerous`,
    );
  addFetch(cli);
  addPublish(cli);
  addWait(cli);
  addStatus(cli);
  addCertificate(cli);
  addLogs(cli);
  addPrepareLogs(cli);
  addDashboards(cli);
  addPlan(cli);
  return cli;
}

function addFetch(cli: Command): void {
  withSoftwareFlags(cli.command("fetch"))
    .summary("download and verify the software, and lock its hashes")
    .description(
      "Downloads the software of the named Flink releases into the cache, verifies it and writes its hashes to the lock file, which you commit. " +
        "What is locked already is fetched again as it was; without --flink that is everything in the lock file, or Flink " +
        `${DEFAULT_LINE} when there is none. A connector is fetched where it is named, and again where it is locked; it needs Maven. ` +
        `What comes with this package is not fetched: ${PACKAGED_CONNECTOR_NAMES.join(", ")}. ` +
        "What ships logs is fetched with --logs, what ships metrics with --metrics, and again where it is locked; from package-registries both are built, for which it needs Go.",
    )
    .option("--logs", "what nodes need to ship their logs")
    .option("--metrics", "what nodes need to ship their metrics")
    .option("--update", "take the newest patches that this version of cdktf-flink knows", false)
    .option("--concurrency <number>", "parts that are fetched at once", wholeNumber(1, 64), 4)
    .addHelpText("after", example("fetch --flink 2.2"))
    .action(async (flags: SoftwareFlags & { readonly update: boolean; readonly concurrency: number }) => {
      const locked = readLockFile(flags.lockFile)?.origins[flags.origin]?.releases ?? [];
      const flink = flags.flink ?? (locked.length > 0 ? unique(locked.map((each) => each.flink)) : [DEFAULT_LINE]);
      const architectures =
        flags.architecture ??
        (locked.length > 0 ? unique(locked.map((each) => each.architecture)) : ["amd64" as const]);
      await withProgress((progress) =>
        fetchSoftware({
          ...flags,
          flink: flags.update ? unique(flink.map(lineOf)) : flink,
          architectures,
          connectors: flags.connector,
          progress,
        }),
      );
      console.log(`The software of Flink ${flink.join(", ")} is in the cache and locked in ${flags.lockFile}.`);
    });
}

function addPublish(cli: Command): void {
  withSoftwareFlags(cli.command("publish"))
    .summary("upload what the software bucket lacks")
    .description(
      "Uploads the locked software and what comes with this package (the node agent, connectors, the log exporter) to the bucket, under keys that hold the hash; what is there stays. " +
        "It fetches first what the cache lacks. It needs to put, get and list objects below software/.",
    )
    .option("--no-connector", "no connectors")
    .option("--logs", "what ships logs, which every release has to have (default: where it is locked)")
    .option("--no-logs", "nothing that ships logs")
    .option("--metrics", "what ships metrics, which every release has to have (default: where it is locked)")
    .option("--no-metrics", "nothing that ships metrics")
    .requiredOption("--bucket <name>", "the bucket")
    .option("--region <region>", "its region (default: as the AWS tools find it)")
    .addHelpText("after", example("publish --bucket my-checkpoints --region eu-west-1"))
    .action(async (flags: PublishFlags) => {
      const published = await withProgress((progress) =>
        publishSoftware({
          ...flags,
          architectures: flags.architecture,
          connectors: flags.connector === false ? [] : flags.connector,
          client: s3Client(flags.region),
          progress,
        }),
      );
      for (const key of published.uploaded) console.log(`uploaded s3://${flags.bucket}/${key}`);
      console.log(`${published.uploaded.length} parts uploaded, ${published.present.length} were there.`);
    });
}

function addWait(cli: Command): void {
  withClusterFlags(cli.command("wait"))
    .summary("wait until nodes are healthy")
    .description(
      "Waits until every node is healthy, has reported lately and runs the cluster's current desired state, and no " +
        "node of the cluster is being changed. " +
        "Exit code 1 when the time is over, or at once where the bucket holds no such cluster.",
    )
    .option("--nodes <names>", "the nodes, separated by commas (default: all of the cluster)", list)
    .addOption(
      new Option("--timeout <duration>", "how long to wait, such as 90s, 10m or 1h")
        .argParser(duration)
        .default(duration("10m"), "10m"),
    )
    .option("--allow-pending", "a node that is healthy on an older desired state will do", false)
    .addHelpText("after", example("wait --bucket my-checkpoints --cluster streaming-flink --timeout 15m"))
    .action(
      async (
        flags: ClusterFlags & { readonly nodes?: string[]; readonly timeout: number; readonly allowPending: boolean },
      ) => {
        const statuses = await withProgress((progress) =>
          waitForNodes({
            from: clusterBucket(flags),
            nodes: flags.nodes,
            timeoutMillis: flags.timeout,
            allowPending: flags.allowPending,
            progress,
          }),
        );
        console.log(`All nodes are healthy: ${statuses.map(({ node }) => node).join(", ")}.`);
      },
    );
}

function addStatus(cli: Command): void {
  withClusterFlags(cli.command("status"))
    .summary("show how the nodes of a cluster are, and its rolling change")
    .description(
      "Shows how each node of a cluster is, by its own last report and what the bucket says that it should run: " +
        "healthy, starting, unhealthy, rolling (it takes a change over just now), outdated (it runs an older desired state), silent (it has not reported lately), " +
        "unknown (it never reported) or removed (it has reported, and is no longer of the cluster), and why. Exit code 0 whatever it shows.",
    )
    .option(
      "--nodes <names>",
      "the nodes, separated by commas (default: all of the cluster, and others that ever reported)",
      list,
    )
    .option("--json", "for programs", false)
    .addHelpText("after", example("status --bucket my-checkpoints --cluster streaming-flink"))
    .action(async (flags: ClusterFlags & { readonly nodes?: string[]; readonly json: boolean }) => {
      const from = clusterBucket(flags);
      const nodes = flags.nodes ?? (await knownNodes(from));
      if (nodes.length === 0) {
        throw new Problem(
          `the bucket ${flags.bucket} holds neither a desired state that can be read nor a report of a cluster named ${flags.cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
        );
      }
      const status = await clusterStatus(from, nodes);
      console.log(flags.json ? JSON.stringify(status, undefined, 2) : renderStatus(status));
    });
}

interface CertificateFlags extends ClusterFlags {
  readonly out: string;
  readonly force: boolean;
  readonly validFor: number;
  readonly nodeAuthority?: string;
  readonly clientAuthority?: string;
}

function addCertificate(cli: Command): void {
  withClusterFlags(cli.command("certificate"))
    .summary("get a certificate for the REST API and the web UI")
    .description(
      "Makes a key on this machine and lets the cluster's client authority sign a certificate for it, with your own AWS identity: " +
        "it needs kms:Sign and kms:GetPublicKey for the client authority, kms:GetPublicKey for the node authority, and to list and get objects below reports/. " +
        "Of authorities of AWS Private CA, which both options then name: acm-pca:IssueCertificate and acm-pca:GetCertificate for " +
        "the client authority, and acm-pca:GetCertificateAuthorityCertificate for both. " +
        "Nobody can call a certificate back before its end: keep --valid-for short.",
    )
    .requiredOption("--out <folder>", "where the files go")
    .option("--force", "write over files there that are not of this command", false)
    .option("--node-authority <arn>", "the cluster's privateAuthorities.nodeAuthorityArn", privateCaArn)
    .option("--client-authority <arn>", "its privateAuthorities.clientAuthorityArn", privateCaArn)
    .addOption(
      new Option("--valid-for <duration>", "how long it is good, 5m to 7d")
        .argParser(certificateValidity)
        .default(certificateValidity("12h"), "12h"),
    )
    .action(async (flags: CertificateFlags) => {
      const kms = new KMSClient({ ...(flags.region ? { region: flags.region } : {}) });
      const client = await clientCertificate({
        from: clusterBucket(flags),
        kms,
        privateAuthorities: privateAuthoritiesOf(flags, kms),
        validitySeconds: flags.validFor / 1000,
      });
      console.log(
        howToUse(writeClientFiles(flags.out, client, flags.force), client.certificate.validTo, flags.cluster),
      );
    });
}

/** The authorities that both options name, with the credentials that an AWS tool finds. */
function privateAuthoritiesOf(flags: CertificateFlags, kms: KMSClient): NamedPrivateAuthorities | undefined {
  const { nodeAuthority: nodeAuthorityArn, clientAuthority: clientAuthorityArn } = flags;
  if (nodeAuthorityArn === undefined && clientAuthorityArn === undefined) return undefined;
  if (nodeAuthorityArn === undefined || clientAuthorityArn === undefined) {
    throw new Problem("--node-authority and --client-authority belong together: give both, or neither");
  }
  const service = new PrivateCa({
    endpoint: privateCaEndpoint(clientAuthorityArn),
    credentials: () => kms.config.credentials(),
  });
  return { service, nodeAuthorityArn, clientAuthorityArn };
}

function howToUse(files: ClientFiles, end: string, cluster: string): string {
  return `A certificate for ${cluster}, good until ${end}, is in ${path.dirname(files.certificate)}.

curl:
  curl --cacert ${files.nodeAuthority} --cert ${files.certificate} --key ${files.key} https://<node>:8081/overview

Flink's command lines: put the entries of ${files.flinkConfiguration} into conf/config.yaml, or give them as -D options.

A browser: in a profile that opens nothing else, as any page can use it there, import ${path.basename(files.keyStore)} (password: ${STORE_PASSWORD}) as your certificate and ${path.basename(files.nodeAuthority)} as an authority for websites.`;
}

function withSoftwareFlags(command: Command): Command {
  return command
    .option("--flink <versions...>", `lines or patches, of the lines ${flinkLines().join(", ")}`)
    .addOption(new Option("--architecture <names...>", "of the machines").choices(ARCHITECTURES))
    .addOption(
      new Option("--connector <names...>", `connectors, of ${CONNECTOR_NAMES.join(", ")}`).argParser(
        (text, before: readonly ConnectorName[] = []) => unique([...before, connectorNamed(text)]),
      ),
    )
    .addOption(new Option("--origin <name>", "where the parts come from").choices(ORIGINS).default("official"))
    .option("--lock-file <path>", "the lock file", LOCK_FILE_NAME);
}

function withClusterFlags(command: Command): Command {
  return command
    .requiredOption("--bucket <name>", "the checkpoint bucket")
    .requiredOption("--cluster <name>", "the cluster")
    .option("--region <region>", "the bucket's region (default: as the AWS tools find it)");
}

function clusterBucket(flags: ClusterFlags): ClusterBucket {
  return { client: s3Client(flags.region), bucket: flags.bucket, cluster: flags.cluster };
}

async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = progressFor();
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** `2.2` of `2.2.1`: an update looks for another patch of the same line. */
function lineOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function privateCaArn(text: string): string {
  if (!PRIVATE_CA_ARN.test(text)) {
    throw new InvalidArgumentError(
      "Give the ARN of an authority: arn:aws:acm-pca:<region>:<account>:certificate-authority/<id>.",
    );
  }
  return text;
}

// The AWS SDK announces the end of Node.js 20 on every run; which Node.js we support, package.json says.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

program()
  .parseAsync()
  .catch((failure: unknown) => {
    console.error(`cdktf-flink: ${failure instanceof Problem ? failure.message : explain(failure)}`);
    if (process.env.DEBUG) console.error(failure);
    process.exitCode = failure instanceof ValidationError ? WRONG_USAGE : 1;
  });
