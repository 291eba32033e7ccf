import { DATA } from "../../../lib/node/paths";
import type { Deployment } from "../deployment";
import type { FlinkSession } from "../flink-session";
import { fillDataVolume, freeDataVolume } from "../logs/full-volume";
import { withdrawName } from "../others/withdraw-name";
import { withLabels } from "./flink-values";
import { METRICS_HOST, METRICS_SECRETS } from "./metrics-stacks";
import type { MetricsStore } from "./metrics-store";

/** Where faults are played: a cluster of one node. */
export interface MetricsFaultPlace {
  readonly deployment: Deployment;
  readonly session: FlinkSession;
  readonly store: MetricsStore;
}

/** What keeps the metrics of a node from their destination, or might. */
export interface MetricsFault {
  readonly what: string;
  /** Does it, from outside of what ships metrics; gives what takes it away again. */
  readonly provoke: (place: MetricsFaultPlace) => Promise<() => Promise<void>>;
  /** What `status` says behind `metrics:`; where nothing is in the way, nothing. */
  readonly says: (store: MetricsStore) => RegExp | undefined;
  /** It is the node's, and the same whatever the destination is: it is played with the first one alone. */
  readonly isOfNode?: true;
  /** What shows of it in the store itself, where metrics go on; asked until it does. */
  readonly isSeen?: (place: MetricsFaultPlace, since: number) => Promise<boolean>;
  /** Whether values of meanwhile come later. */
  readonly keeps: (store: MetricsStore) => boolean;
}

/** Less than a node calls full, and more than Flink lays down meanwhile: without any room it cannot go on itself. */
const NEARLY_FULL_BYTES = 12 << 20;
const NEARLY_FULL_PERCENT = 99;

const storeSecret = ({ deployment, store }: MetricsFaultPlace, secret: object): Promise<void> =>
  deployment.lab.aws().secretsManager.putValue(METRICS_SECRETS[store.kind], JSON.stringify(secret));

export const METRICS_FAULTS: readonly MetricsFault[] = [
  {
    what: "a wrong password in the secret",
    says: ({ kind }) => (kind === "postgresql" ? /password authentication failed/ : /received status code: 401/),
    keeps: ({ keepsWithAnotherLogin }) => keepsWithAnotherLogin,
    provoke: async (place) => {
      await storeSecret(place, place.store.wrongSecret);
      return () => storeSecret(place, place.store.secret);
    },
  },
  {
    what: "a certificate by another authority",
    says: () => /failed to verify certificate: x509: /,
    keeps: () => true,
    provoke: async ({ store }) => {
      await store.showCertificate("a stranger's");
      return () => store.showCertificate("its own");
    },
  },
  {
    what: "no such name",
    says: () => new RegExp(`${METRICS_HOST.replaceAll(".", "\\.")}.*no such host`),
    keeps: () => true,
    provoke: async ({ deployment, store }) => {
      const putBack = await withdrawName(deployment.lab, METRICS_HOST);
      // Names are asked for by who connects anew.
      await store.stop();
      return async () => {
        await putBack();
        await store.resume();
      };
    },
  },
  {
    what: "the data volume is full but for 12 MiB",
    isOfNode: true,
    // What waits is in memory: nothing of it is in the way of metrics, and they tell of it.
    says: () => undefined,
    keeps: () => true,
    provoke: async ({ deployment, session }) => {
      const machine = deployment.machine(session.nodes[0].name);
      await fillDataVolume(machine, NEARLY_FULL_BYTES);
      return () => freeDataVolume(machine);
    },
    isSeen: async ({ store }, since) => {
      const used = withLabels(await store.read({ kind: "disk", name: "used_percent" }, since), { path: DATA });
      return used.some(({ value }) => value > NEARLY_FULL_PERCENT);
    },
  },
];
