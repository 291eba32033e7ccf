import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "./flink-services";
import { JOB_MANAGER_TLS, KeyPairFiles, TASK_MANAGER_TLS, ZOOKEEPER_TLS } from "./tls-paths";
import { JOB_MANAGER_USER, TASK_MANAGER_USER, ZOOKEEPER_USER } from "./users";
import { ZOOKEEPER_UNIT } from "./zookeeper-service";

/** A process that has a key pair and a certificate of its own. */
export interface CertificateHolder {
  /** `zookeeper`, `jobmanager` or `taskmanager`: part of the certificate's name. */
  readonly process: string;
  /** The unit that runs it: on nodes without it there is no certificate. */
  readonly unit: string;
  readonly user: string;
  readonly files: KeyPairFiles;
}

/**
 * One per user, so that no process needs to read the key of another one. ZooKeeper and clients check the name of the
 * host, Flink's internal ports the authority alone: nobody checks which process of a node a certificate names.
 */
export const CERTIFICATE_HOLDERS: readonly CertificateHolder[] = [
  { process: "zookeeper", unit: ZOOKEEPER_UNIT, user: ZOOKEEPER_USER, files: ZOOKEEPER_TLS },
  { process: "jobmanager", unit: JOB_MANAGER_UNIT, user: JOB_MANAGER_USER, files: JOB_MANAGER_TLS },
  { process: "taskmanager", unit: TASK_MANAGER_UNIT, user: TASK_MANAGER_USER, files: TASK_MANAGER_TLS },
];
