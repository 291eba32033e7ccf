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
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";
import { askForPassword } from "./password";

/** Where logs are, and who asks for them. */
export interface DestinationFlags extends ClusterFlags {
  readonly url?: string;
  readonly indexPrefix?: string;
  readonly user?: string;
  readonly ca?: string;
  readonly connectTo?: { readonly host: string; readonly port: number };
}

/** Where the logs of a cluster go. */
export interface ClusterDestination {
  readonly cluster: string;
  readonly spec: LogDestinationSpec;
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
  return withClusterOptions(command)
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
      "the authorities that sign its certificate, PEM (default: those of the cluster's destination, else of your system)",
    )
    .addOption(
      new Option("--connect-to <host:port>", "the near end of a tunnel to it, such as localhost:9200").argParser(
        hostAndPort,
      ),
    );
}

/** What stands below the help of such a command. */
export const HOW_TO_REACH = `
The destination is OpenSearch at --url, or where the logs of the cluster go.

Login: --user with the password in OPENSEARCH_PASSWORD, or asked for on a terminal; a domain of Amazon OpenSearch Service
without --user is called with your own AWS identity, in --region where its name at --url does not tell that.

A destination that lies in the clusters' network is reached from a machine there. From elsewhere, open a tunnel by
such a machine and name its near end; the certificate is still checked for the destination's own name:
  ssh -N -L 9200:search.example.internal:9200 a-machine-there
  npx cdktf-flink … --connect-to localhost:9200
HTTPS_PROXY and NO_PROXY are minded.`;

/** Where the flags lead; of a cluster, its nodes are told the same. Nothing where `--url` leads. */
export async function destinationOf(flags: DestinationFlags): Promise<ClusterDestination | undefined> {
  const { url, cluster, bucket, outputs, stack } = flags;
  if (url !== undefined) {
    const places = Object.entries({ "--bucket": bucket, "--outputs": outputs, "--stack": stack });
    const beside = places.find(([, value]) => value !== undefined);
    if (!beside) return undefined;
    throw new ValidationError(`--url and ${beside[0]} both say where the logs are: give one of them`);
  }
  if (cluster === undefined && outputs === undefined && stack === undefined) {
    throw new ValidationError("it is not said where the logs are: give --url, --cluster or --outputs");
  }
  const from = await clusterOf(flags);
  return { cluster: from.cluster, spec: await logDestination(from) };
}

/** The OpenSearch of a destination, or the one that the flags name. */
export async function openSearchOf(
  flags: DestinationFlags,
  destination: ClusterDestination | undefined,
): Promise<OpenSearchDestination> {
  const spec = destination?.spec;
  if (spec?.kind === "cloudwatch") {
    throw new Problem(
      `the logs of ${destination!.cluster} go to the log group ${spec.logGroupName} of CloudWatch Logs, which has neither indices nor a policy for them: set retention of LogDestination.cloudWatch`,
    );
  }
  const url = flags.url ?? spec!.url;
  const certificateAuthorities = flags.ca === undefined ? spec?.certificateAuthorities : authorities(flags.ca);
  const opensearch = new HttpsOpenSearch({
    ...{ url, connectTo: flags.connectTo, certificateAuthorities },
    login: await personOf(flags, url, spec?.login),
  });
  return { opensearch, indexPrefix: flags.indexPrefix ?? spec?.indexPrefix ?? DEFAULT_INDEX_PREFIX };
}

/** Lines of a destination of either kind, and the cluster whose are meant; without one, those of all. */
export async function logSourceOf(
  flags: DestinationFlags,
  warn: (sentence: string) => void,
): Promise<{ readonly cluster?: string; readonly source: LogSource; readonly close: () => Promise<void> }> {
  const destination = await destinationOf(flags);
  const { cluster = flags.cluster, spec } = destination ?? {};
  if (spec?.kind === "cloudwatch") {
    requireNothingOfOpenSearch(flags, cluster!, spec.logGroupName);
    const { credentials } = s3Client(spec.region).config;
    return { cluster, source: new CloudWatchLogs({ ...spec, credentials }), close: async () => undefined };
  }
  const { opensearch, indexPrefix } = await openSearchOf(flags, destination);
  return { cluster, source: new OpenSearchLogs({ opensearch, indexPrefix, warn }), close: () => opensearch.close() };
}

/** It would have no effect, and whoever gave it waits for one. */
function requireNothingOfOpenSearch(flags: DestinationFlags, cluster: string, logGroupName: string): void {
  const { user, ca, connectTo, indexPrefix: prefix } = flags;
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
