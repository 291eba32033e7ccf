import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { ValidationError } from "../lib/core/validation";
import type { LogDestinationSpec, OpenSearchLogLogin } from "../lib/node/logs/log-shipping";
import { DEFAULT_INDEX_PREFIX, requireIndexPrefix } from "../lib/observability/opensearch-objects/index-names";
import { CloudWatchLogs } from "../lib/observability/log-search/cloudwatch-logs";
import type { LogSource } from "../lib/observability/log-search/log-source";
import { OpenSearchLogs } from "../lib/observability/log-search/opensearch-logs";
import { HttpsOpenSearch, type OpenSearchPerson } from "../lib/observability/opensearch/https-opensearch";
import { s3Client } from "../lib/software/bucket";
import { logDestination } from "../lib/software/log-destination";
import { Problem } from "../lib/software/problem";
import { clusterOf } from "./cluster-options";
import { askForPassword } from "./password";

/** Where logs are, and who asks for them. */
export interface DestinationFlags {
  readonly url?: string;
  readonly indexPrefix?: string;
  readonly bucket?: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly user?: string;
  readonly ca?: string;
  readonly connectTo?: { readonly host: string; readonly port: number };
}

/** An OpenSearch that is ready to be called. */
export interface OpenSearchDestination {
  readonly opensearch: HttpsOpenSearch;
  readonly indexPrefix: string;
}

/** Of Amazon OpenSearch Service, whose names tell their region. */
const AMAZON_HOST = /\.([a-z0-9-]+)\.es\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu)$/;

/** The options by which a destination is named, in the words of one command. */
export function withDestinationFlags(command: Command): Command {
  return command
    .option("--cluster <name>", "the cluster")
    .option("--bucket <name>", "its checkpoint bucket (default: as its resource group says)")
    .option("--region <region>", "of the cluster and of a domain (default: as the AWS tools find it)")
    .addOption(
      new Option("--url <url>", "an OpenSearch, such as https://search.example.internal:9200").argParser(httpsUrl),
    )
    .addOption(
      new Option("--index-prefix <prefix>", `of the daily indices there (default: ${DEFAULT_INDEX_PREFIX})`).argParser(
        indexPrefix,
      ),
    )
    .option("--user <name>", "your user of OpenSearch (default: your AWS identity)")
    .option(
      "--ca <file>",
      "the authorities that sign its certificate, PEM (default: those of --cluster, else of your system)",
    )
    .addOption(
      new Option("--connect-to <host:port>", "the near end of a tunnel to it, such as localhost:9200").argParser(
        hostAndPort,
      ),
    );
}

/** What stands below the help of such a command. */
export const HOW_TO_REACH = `
The destination is OpenSearch at --url, or where the logs of --cluster go.

Login: --user with the password in OPENSEARCH_PASSWORD, or asked for on a terminal; a domain of Amazon OpenSearch Service
without --user is called with your own AWS identity.

A destination that lies in the clusters' network is reached from a machine there. From elsewhere, open a tunnel by
such a machine and name its near end; the certificate is still checked for the destination's own name:
  ssh -N -L 9200:search.example.internal:9200 a-machine-there
  npx cdktf-flink … --connect-to localhost:9200
HTTPS_PROXY and NO_PROXY are minded.`;

/** Where the flags lead; of a cluster, its nodes are told the same. */
export async function destinationOf(flags: DestinationFlags): Promise<LogDestinationSpec | undefined> {
  const { url, bucket, cluster } = flags;
  if (url !== undefined && bucket !== undefined) {
    throw new ValidationError("--url and --bucket both say where the logs are: give one of them");
  }
  if (url !== undefined) return undefined;
  if (cluster === undefined) {
    throw new ValidationError("it is not said where the logs are: give --url, or --cluster");
  }
  return logDestination(await clusterOf(flags));
}

/** The OpenSearch of a destination, or the one that the flags name. */
export async function openSearchOf(
  flags: DestinationFlags,
  destination: LogDestinationSpec | undefined,
): Promise<OpenSearchDestination> {
  if (destination?.kind === "cloudwatch") {
    throw new Problem(
      `the logs of ${flags.cluster} go to the log group ${destination.logGroupName} of CloudWatch Logs, which has neither indices nor a policy for them: set retention of LogDestination.cloudWatch`,
    );
  }
  const url = flags.url ?? destination!.url;
  const certificateAuthorities = flags.ca === undefined ? destination?.certificateAuthorities : authorities(flags.ca);
  const opensearch = new HttpsOpenSearch({
    ...{ url, connectTo: flags.connectTo, certificateAuthorities },
    login: await personOf(flags, url, destination?.login),
  });
  return { opensearch, indexPrefix: flags.indexPrefix ?? destination?.indexPrefix ?? DEFAULT_INDEX_PREFIX };
}

/** Lines of a destination of either kind. */
export async function logSourceOf(
  flags: DestinationFlags,
  warn: (sentence: string) => void,
): Promise<{ readonly source: LogSource; readonly close: () => Promise<void> }> {
  const destination = await destinationOf(flags);
  if (destination?.kind === "cloudwatch") {
    requireNothingOfOpenSearch(flags, destination.logGroupName);
    const { credentials } = s3Client(destination.region).config;
    return { source: new CloudWatchLogs({ ...destination, credentials }), close: async () => undefined };
  }
  const { opensearch, indexPrefix } = await openSearchOf(flags, destination);
  return { source: new OpenSearchLogs({ opensearch, indexPrefix, warn }), close: () => opensearch.close() };
}

/** It would have no effect, and whoever gave it waits for one. */
function requireNothingOfOpenSearch(flags: DestinationFlags, logGroupName: string): void {
  const { cluster, user, ca, connectTo, indexPrefix: prefix } = flags;
  const given = { "--user": user, "--ca": ca, "--connect-to": connectTo, "--index-prefix": prefix };
  const found = Object.entries(given).find(([, value]) => value !== undefined);
  if (!found) return;
  throw new ValidationError(
    `${found[0]} is about OpenSearch, and the logs of ${cluster} go to the log group ${logGroupName} of CloudWatch Logs: leave it out`,
  );
}

async function personOf(
  flags: DestinationFlags,
  url: string,
  login: OpenSearchLogLogin | undefined,
): Promise<OpenSearchPerson> {
  const { user } = flags;
  if (user !== undefined) return { kind: "basic", user, password: await askForPassword(user) };
  const region =
    login?.kind === "iam"
      ? login.region
      : login === undefined
        ? (AMAZON_HOST.exec(new URL(url).hostname)?.[1] ?? flags.region)
        : undefined;
  if (region === undefined) {
    throw new ValidationError(
      "this OpenSearch asks for a name and a password: give --user, or --region for a domain of Amazon's",
    );
  }
  return { kind: "iam", region, credentials: s3Client(region).config.credentials };
}

function authorities(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (failure) {
    throw new Problem(
      `${file} cannot be read (${(failure as Error).message}): name the file of the authorities in --ca`,
    );
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new ValidationError(`${file} holds no certificate in PEM: name the file of the authorities in --ca`);
  }
  return text;
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url?.protocol !== "https:" || !isPlain || url.pathname !== "/") {
    throw new InvalidArgumentError("Give https://, a name and a port, such as https://search.example.internal:9200.");
  }
  return url.origin;
}

function indexPrefix(text: string): string {
  requireIndexPrefix("--index-prefix", text);
  return text;
}

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const host = bracketed ?? plain;
  if (host === undefined || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("Give a host and a port, such as localhost:9200.");
  }
  return { host, port };
}
