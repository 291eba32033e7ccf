import * as fs from "fs/promises";
import { PrivateCa } from "../../core/private-ca/private-ca";
import type { NodeIdentity } from "../identity";
import { AGENT_LOCK_FILE, IDENTITY_FILE } from "../paths";
import { Agent } from "./agent";
import { KmsAuthorityKeys } from "./certificates/authority-keys";
import { BilledAuthorities } from "./certificates/billed-authorities";
import { ConnectionCredentials } from "./connections/connection-credentials";
import { SecretsManager } from "./connections/secrets-manager";
import { showOnConsole } from "./console";
import {
  CREDENTIALS_OF_JOBS,
  CREDENTIALS_OF_LOG_SHIPPERS,
  CREDENTIALS_OF_METRICS_SHIPPERS,
  CredentialsUse,
} from "./credentials-use";
import { copyLog, describeError, log } from "./log";
import { LogLogin } from "./logs/log-login";
import { LogShipping } from "./logs/log-shipping";
import { shippingOwners } from "./logs/shipping-memory";
import { ShippingReport } from "./logs/shipping-report";
import { machineClient } from "./machine-client";
import { machineImage } from "./machine-image";
import { MetricsLogin } from "./metrics/metrics-login";
import { metricsOwners } from "./metrics/metrics-memory";
import { MetricsShippingReport } from "./metrics/metrics-report";
import { metricsMachine, MetricsShipping } from "./metrics/metrics-shipping";
import { S3ObjectStore } from "./object-store";
import { closeOwnFiles } from "./own-files";
import { CHECK_OPTION, ownProgram } from "./own-program";
import { Reporter } from "./reporter";
import { untilItSucceeds } from "./retry";
import { RoleCredentialsService } from "./role-credentials-service";
import { StateStore } from "./state-store";
import { Sts } from "./sts";
import { Trial } from "./trial/trial";
import { JUDGE_TRIAL_OPTION, TrialUnits } from "./trial/trial-units";

/** Seconds that the last report gets when the agent is stopped. */
const LAST_REPORT_SECONDS = 10;
/** Nothing but a line of `status` waits for it. */
const IMAGE_WAIT_MILLIS = 600_000;

async function main(): Promise<void> {
  if (process.argv.includes(CHECK_OPTION)) return;
  if (process.argv.includes(JUDGE_TRIAL_OPTION)) {
    return new Trial(new StateStore(), new TrialUnits(ownProgram())).judge();
  }
  copyLog(showOnConsole);
  await requireLock();
  process.umask(0o022);
  await closeOwnFiles();
  const identity = JSON.parse(await fs.readFile(IDENTITY_FILE, "utf8")) as NodeIdentity;
  const bootId = (await fs.readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  log(`node ${identity.node} of cluster ${identity.cluster}, Node.js ${process.version}`);

  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

  const store = new S3ObjectStore(identity.region);
  const reporter = new Reporter(identity, bootId, store);
  const reporting = reporter.run();
  void untilItSucceeds(() => machineImage(), {
    onFailure: (error) => log(`the image of this machine is not known: ${describeError(error)}`),
    largestWaitMillis: IMAGE_WAIT_MILLIS,
  }).then((imageId) => reporter.setImageId(imageId));
  const { region } = identity;
  const endpoint = (service: string): string => `https://${service}.${region}.${identity.dnsSuffix}`;
  const sts = new Sts(region, endpoint("sts"));
  const jobCredentials = new RoleCredentialsService(CREDENTIALS_OF_JOBS, identity, sts, reporter);
  const secretsWith = (credentials: RoleCredentialsService, { holders }: CredentialsUse): SecretsManager =>
    new SecretsManager({ region, endpoint: endpoint("secretsmanager"), credentials, holders });
  const connections = new ConnectionCredentials(secretsWith(jobCredentials, CREDENTIALS_OF_JOBS), reporter);
  const shippingReport = new ShippingReport(reporter);
  const logCredentials = new RoleCredentialsService(CREDENTIALS_OF_LOG_SHIPPERS, identity, sts, shippingReport);
  const logLogin = new LogLogin(
    secretsWith(logCredentials, CREDENTIALS_OF_LOG_SHIPPERS),
    shippingReport,
    async () => (await shippingOwners()).readable,
  );
  const logs = new LogShipping(logCredentials, logLogin, shippingReport);
  const metricsReport = new MetricsShippingReport(reporter);
  const metricsCredentials = new RoleCredentialsService(CREDENTIALS_OF_METRICS_SHIPPERS, identity, sts, metricsReport);
  const metricsLogin = new MetricsLogin(
    secretsWith(metricsCredentials, CREDENTIALS_OF_METRICS_SHIPPERS),
    metricsReport,
    async () => (await metricsOwners()).readable,
  );
  const machine = metricsMachine(() => reporter.report(new Date()));
  const metrics = new MetricsShipping(metricsCredentials, metricsLogin, metricsReport, machine);
  const authorities = {
    keys: new KmsAuthorityKeys(region),
    privateAuthorities: new BilledAuthorities(
      new PrivateCa({
        endpoint: endpoint("acm-pca"),
        credentials: machineClient().credentials,
      }),
    ),
  };
  const agent = new Agent(identity, store, reporter, authorities, jobCredentials, connections, [logs, metrics]);
  const ended = agent.run(stop.signal);
  // A step that waits for the world does not hold up a stop: all of them may be cut.
  await Promise.race([ended, new Promise((resolve) => stop.signal.addEventListener("abort", resolve))]);
  reporter.stop();
  setTimeout(() => process.exit(0), LAST_REPORT_SECONDS * 1000).unref();
  await reporting;
  process.exit(0);
}

/** The bootstrap holds the lock and hands it over: an agent that was started in another way might be a second one. */
async function requireLock(): Promise<void> {
  const descriptor = process.env.CDKTF_FLINK_LOCK_FD ?? "none";
  const file = await fs.readlink(`/proc/self/fd/${descriptor}`).catch(() => undefined);
  if (file !== AGENT_LOCK_FILE)
    throw new Error("the agent is started by its bootstrap only: systemctl start flink-agent");
}

main().catch((error: unknown) => {
  log(`ends: ${describeError(error)}`);
  process.exit(1);
});
