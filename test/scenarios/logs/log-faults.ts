import type { Deployment } from "../deployment";
import type { FlinkSession } from "../flink-session";
import { OPENSEARCH_HOST } from "../opensearch/opensearch-stacks";
import { withdrawName } from "../others/withdraw-name";
import type { SqlClient } from "../sql-client";
import { fillDataVolume, freeDataVolume } from "./full-volume";
import type { LogSearch } from "./log-search";
import { numberLogSql } from "./number-log";

/** Where faults are played: a cluster of one node. */
export interface FaultPlace {
  readonly deployment: Deployment;
  readonly search: LogSearch;
  readonly session: FlinkSession;
  readonly sql: SqlClient;
  /** What the node keeps of the lines of each process. */
  readonly bufferBytes: number;
}

/** What keeps the logs of a node from their destination. */
export interface LogFault {
  readonly what: string;
  /** Does it, from outside of what ships logs; gives what takes it away again. */
  readonly provoke: (place: FaultPlace) => Promise<() => Promise<void>>;
  /** What the node says of it. */
  readonly says: RegExp;
  /** Which lines never arrive. */
  readonly loses: "none" | "the oldest, counted";
}

const MINUTE = 60_000;
/** Of one number with its padding; fewer than there are. */
const LINE_BYTES = 10_000;
const FAST_NUMBERS_PER_SECOND = 1_000;
/** Less than a node calls full, and more than is written meanwhile. */
const NEARLY_FULL_BYTES = 12 << 20;

export const LOG_FAULTS: readonly LogFault[] = [
  {
    what: "another password",
    says: /^OpenSearch refuses the login of the user of secret arn:\S+: 401/,
    loses: "none",
    provoke: async ({ search }) => {
      await search.changePassword();
      return () => search.storePassword();
    },
  },
  {
    what: "no permission on the index",
    says: /^the user of secret arn:\S+ may not write to index logs-\S+: /,
    loses: "none",
    provoke: async ({ search }) => {
      await search.allowWriting(false);
      return () => search.allowWriting(true);
    },
  },
  {
    what: "a certificate by another authority",
    says: new RegExp(`^the certificate of ${OPENSEARCH_HOST}:\\d+ is not trusted: `),
    loses: "none",
    provoke: async ({ search }) => {
      await search.showCertificate("a stranger's");
      return () => search.showCertificate("its own");
    },
  },
  {
    what: "no such name",
    says: new RegExp(`^the name ${OPENSEARCH_HOST} cannot be resolved`),
    loses: "none",
    provoke: async ({ deployment, search }) => {
      const putBack = await withdrawName(deployment.lab, OPENSEARCH_HOST);
      // Names are asked for by who connects anew.
      await search.stop();
      return async () => {
        await putBack();
        await search.resume();
      };
    },
  },
  {
    what: "the disk of OpenSearch is full",
    says: /^OpenSearch takes no documents in index logs-\S+: /,
    loses: "none",
    provoke: async ({ search }) => {
      await search.blockIndices(true);
      return () => search.blockIndices(false);
    },
  },
  {
    // Beyond that Flink itself cannot go on, whatever becomes of its logs: it lays checkpoints down there on their way.
    what: "the data volume is full but for 12 MiB",
    says: /the data volume is full: /,
    loses: "none",
    provoke: async ({ deployment, session }) => {
      const machine = deployment.machine(session.nodes[0].name);
      await fillDataVolume(machine, NEARLY_FULL_BYTES);
      return () => freeDataVolume(machine);
    },
  },
  {
    what: "OpenSearch is away, and more is written than is kept",
    says: /: 9200 refuses the connection$|:9200 refuses the connection/,
    loses: "the oldest, counted",
    provoke: async ({ search, session, sql, bufferBytes }) => {
      await search.stop();
      const numbers = Math.ceil((1.25 * bufferBytes) / LINE_BYTES);
      const job = { numbers, numbersPerSecond: FAST_NUMBERS_PER_SECOND, paddingEvery: 1 };
      const [jid] = await sql.submit(numberLogSql(job), await session.leader());
      await session.waitUntilFinished(jid, 6 * MINUTE);
      return () => search.resume();
    },
  },
];
