import type { JobCredentialsSpec, SoftwareItem, UnitSpec } from "../desired-state";
import { HIDDEN_FROM_SHIPPING } from "../hidden-from-shipping";
import {
  LOGS_CONF,
  LOGS_DATA,
  LOGS_RUNTIME,
  METRICS_CONF,
  METRICS_CONFIGURATION_FILE,
  METRICS_STATUS,
  softwareFolder,
} from "../paths";
import { credentialsEnvironment } from "../served-credentials";
import { renderServiceUnit, SHIPPING_PRIORITY } from "../units";
import { METRICS_USER } from "../users";
import { METRICS_CREDENTIALS } from "./metrics-credentials";
import { METRICS_UNIT } from "./metrics-unit";
import type { TelegrafMemory } from "./telegraf-memory";

/** The unit of Telegraf, the only program on a node that may reach where metrics go. */
export function telegrafUnit(
  telegraf: SoftwareItem,
  credentials: JobCredentialsSpec,
  { goBytes, largestBytes }: TelegrafMemory,
): UnitSpec {
  return {
    name: METRICS_UNIT,
    reads: [METRICS_CONF],
    auxiliary: true,
    content: renderServiceUnit({
      description: "Metrics of this Flink node",
      user: METRICS_USER,
      command: [`${softwareFolder(telegraf)}/telegraf`, "--config", METRICS_CONFIGURATION_FILE],
      environment: {
        GOMEMLIMIT: String(goBytes),
        GOMAXPROCS: "1",
        ...credentialsEnvironment(METRICS_CREDENTIALS, credentials.port),
      },
      writableFolders: [METRICS_STATUS],
      hiddenPaths: [...HIDDEN_FROM_SHIPPING, LOGS_CONF, LOGS_DATA, LOGS_RUNTIME],
      // Its input `net` lists them, and has no values otherwise.
      seesInterfaces: true,
      memoryBytes: largestBytes,
      priority: SHIPPING_PRIORITY,
      stopTimeoutSeconds: 15,
    }),
  };
}
