import type { LogExporterConfiguration } from "../logs/log-exporter-configuration";
import type { OpenSearchLogDestinationSpec } from "../logs/log-shipping";
import { CloudWatchDestination } from "./cloudwatch/cloudwatch-destination";
import type { Destination } from "./destination";
import { HttpsClient } from "./https-client";
import { CredentialsEnvironment, logsRoleCredentials } from "./logs-role-credentials";
import { OpenSearchDestination } from "./opensearch/opensearch-destination";
import { BasicLogin, OpenSearchLogin, SignedLogin } from "./opensearch/opensearch-login";

/** The destination that the configuration names. */
export function destinationOf(
  configuration: Pick<LogExporterConfiguration, "destination" | "node" | "loginFile">,
  environment: CredentialsEnvironment,
): Destination {
  const { destination: spec, node } = configuration;
  if (spec.kind === "cloudwatch") return new CloudWatchDestination(spec, node, logsRoleCredentials(environment));
  const login = loginOf(spec, configuration.loginFile ?? "", environment);
  return new OpenSearchDestination(new HttpsClient(spec), login, spec.indexPrefix);
}

function loginOf(
  { login, url }: OpenSearchLogDestinationSpec,
  loginFile: string,
  environment: CredentialsEnvironment,
): OpenSearchLogin {
  return login.kind === "basic"
    ? new BasicLogin(loginFile, login.secretArn)
    : new SignedLogin(new URL(url), login.region, logsRoleCredentials(environment));
}
