import * as fs from "fs";
import * as path from "path";
import type { FileSpec, MetricsSpec, SoftwareItem } from "../desired-state";
import { METRICS_AUTHORITIES_FILE, METRICS_CONF, METRICS_CONFIGURATION_FILE, METRICS_NAMES_FILE } from "../paths";
import { PORTS } from "../ports";
import type { ShippingLayout } from "../shipping-layout";
import { METRICS_USER, METRICS_USERS } from "../users";
import { loginSourceOf } from "./metrics-login";
import type { MetricsShippingInput } from "./metrics-shipping";
import { renderTelegrafConfiguration } from "./telegraf-configuration";
import { telegrafMemory } from "./telegraf-memory";
import { telegrafUnit } from "./telegraf-service";

/** What of the nodes of a cluster is there for the shipping of metrics. */
export function metricsShippingLayout(
  cluster: string,
  metrics: MetricsShippingInput,
  telegraf: SoftwareItem | undefined,
): ShippingLayout<MetricsSpec> {
  if (!telegraf) throw new Error(`the software of ${cluster} holds nothing that ships metrics`);
  const credentials = { roleArn: metrics.roleArn, port: PORTS.metricsCredentials.port };
  const login = loginSourceOf(metrics.destination);
  const { certificateAuthorities } = metrics.destination;
  return {
    spec: {
      credentials,
      intervalSeconds: metrics.intervalSeconds,
      ...(login === undefined ? {} : { secretArn: login.secretArn, loginForm: login.form }),
    },
    software: [telegraf],
    users: METRICS_USERS,
    directories: [{ path: METRICS_CONF, owner: "root", group: METRICS_USER, mode: "0750" }],
    files: [
      metricsFile(METRICS_NAMES_FILE, namesSource()),
      ...(certificateAuthorities === undefined ? [] : [metricsFile(METRICS_AUTHORITIES_FILE, certificateAuthorities)]),
    ],
    units: [telegrafUnit(telegraf, credentials, telegrafMemory(metrics.bufferedMetrics))],
    filesOf: ({ name }) => [
      metricsFile(METRICS_CONFIGURATION_FILE, renderTelegrafConfiguration({ cluster, node: name }, metrics)),
    ],
  };
}

let cachedNames: string | undefined;

/** The program that Telegraf runs for each metric. */
export function namesSource(): string {
  cachedNames ??= fs.readFileSync(path.join(__dirname, "names.star"), "utf8");
  return cachedNames;
}

function metricsFile(file: string, content: string): FileSpec {
  return { path: file, owner: "root", group: METRICS_USER, mode: "0640", content };
}
