import { Duration } from "../core/duration";
import { Size } from "../core/size";
import { IKey } from "../encryption/i-key";
import { PrivateAuthorities } from "../encryption/private-authorities";
import { IFlinkNetwork } from "../network/i-flink-network";
import { Peer } from "../network/peer";
import { FlinkVersion, InstanceType, LogLevel, RestartStrategy } from "../settings";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";
import { ISoftwareBucket } from "../storage/software-bucket";
import { MaintenanceWindow } from "./maintenance-window";
import { Rollout } from "./rollout";
import { Software } from "./software";

/** What a `FlinkCluster` can be told. Only `network` and `checkpointBucket` are required. */
export interface FlinkClusterProps {
  /** Where the machines stand. Two clusters fit in one network. */
  readonly network: IFlinkNetwork;

  /**
   * Takes checkpoints, savepoints, the recovery metadata, the nodes' reports and, unless `softwareBucket` is
   * given, the software. It outlives the cluster, so it belongs in a stack of its own.
   */
  readonly checkpointBucket: ICheckpointBucket;

  /**
   * Name of the cluster: part of machine names, host names and of every key in the bucket. Two clusters that
   * share a bucket must not share a name: they would overwrite each other's recovery metadata. Nor may two of an account
   * and region, whatever their buckets: a resource group holds the name there, and leads the command line to the cluster.
   * 2 to 32 characters, lower-case letters, digits and single hyphens, beginning with a letter.
   * A change of it is another cluster.
   *
   * @default - the stack's name and the construct's id, joined by a hyphen
   */
  readonly clusterName?: string;

  /**
   * Flink's line. The patch comes from the lock file. All nodes take a newer line of the same major version over together,
   * when no job is left (docs/rolling-change.md). An older line, or another major version, is refused, by the plan or by
   * the nodes, unless `allowStateLoss` is set.
   *
   * @default FlinkVersion.V2_2
   */
  readonly version?: FlinkVersion;

  /**
   * Whether the cluster may take over a line of Flink that reads no savepoint of the line that it runs: an older one, or
   * another major version. `true` or `false`. It lets go of no job that runs: the nodes begin only when none is left, and
   * the jobs begin anew, without their state (`npx cdktf-flink jobs resume --without-state`). It can be set together with
   * `version`, stops nothing by itself, and is best taken out again when the nodes run the line.
   *
   * @default false
   */
  readonly allowStateLoss?: boolean;

  /**
   * Number of machines, each with a JobManager and a TaskManager. 1 to 64, and never fewer than
   * `zooKeeperNodeCount`. One node recovers its jobs after a crash or reboot, but cannot serve meanwhile.
   *
   * @default 3
   */
  readonly nodeCount?: number;

  /**
   * Number of machines that also run ZooKeeper: 1, 3 or 5. Fixed for the cluster's life: the plan of a protected
   * cluster refuses a change, also one that follows from `nodeCount` where this is left out.
   *
   * @default - 1 below three nodes, else 3
   */
  readonly zooKeeperNodeCount?: number;

  /**
   * Machine type: at least 4 GiB of memory; memory is split among the processes by it. A change is brought to one machine
   * after the other by the apply; to another architecture it is refused at plan (docs/changes.md).
   *
   * @default InstanceType.M7I_LARGE
   */
  readonly instanceType?: InstanceType;

  /**
   * Slots of each TaskManager, 1 to 1024 (Flink: `taskmanager.numberOfTaskSlots`). With fewer, no node is touched while
   * all jobs run and their slots would not fit.
   *
   * @default 1
   */
  readonly numberOfTaskSlots?: number;

  /**
   * Parallelism of jobs that set none, 1 to 128 (Flink: `parallelism.default`).
   *
   * @default 1
   */
  readonly parallelism?: number;

  /**
   * What happens when a task fails, for jobs that set nothing themselves.
   *
   * @default - failure rate: 10 failures in 5 minutes, 10 seconds of delay
   */
  readonly restartStrategy?: RestartStrategy;

  /**
   * Time between checkpoints, 100 ms to 1 hour, for jobs that set nothing themselves
   * (Flink: `execution.checkpointing.interval`).
   *
   * @default Duration.seconds(60)
   */
  readonly checkpointInterval?: Duration;

  /**
   * After which a checkpoint is given up, 100 ms to 24 hours (Flink: `execution.checkpointing.timeout`).
   *
   * @default Duration.minutes(10)
   */
  readonly checkpointTimeout?: Duration;

  /**
   * Timeout of calls between Flink's processes, 5 to 60 seconds (Flink: `pekko.ask.timeout`).
   *
   * @default Duration.seconds(10)
   */
  readonly pekkoAskTimeout?: Duration;

  /**
   * Largest message between Flink's processes, 1 to 50 MiB (Flink: `pekko.framesize`).
   *
   * @default Size.mebibytes(10)
   */
  readonly pekkoFrameSize?: Size;

  /**
   * How long the certificates of the nodes' processes are good, in whole seconds: at least 10 minutes and at least 8
   * minutes times `nodeCount`, at most 397 days. They are renewed when two thirds of it are over, by a rolling restart,
   * and what is left then holds turns of two minutes. A change counts from the next renewal on.
   *
   * @default Duration.days(90)
   */
  readonly certificateValidity?: Duration;

  /**
   * Two certificate authorities of AWS Private CA that exist already, in place of the two keys that the cluster makes in
   * KMS. Fixed for the cluster's life while `terminationProtection` is on. Each certificate is billed: three for each node
   * at its first boot and at each renewal. `certificateValidity` must end before theirs do, and be less than 7 days for
   * an authority that makes short-lived certificates only. Whoever plans needs
   * `acm-pca:DescribeCertificateAuthority`, `acm-pca:GetCertificateAuthorityCertificate`,
   * `acm-pca:GetCertificateAuthorityCsr` and `acm-pca:ListTags` for both.
   *
   * @default - two keys of the cluster's own, in KMS
   */
  readonly privateAuthorities?: PrivateAuthorities;

  /**
   * When nodes may begin to take a change over: another configuration, other software, renewed certificates. Outside of it a
   * change waits, and `status` tells until when; a node that has begun ends. What never waits: the first start, a start
   * after a crash, a node that is ill and may be mended by the change, certificates of which half of the time that is left
   * after they were due is over, and what Terraform itself does to machines and volumes. A change that comes without a
   * window, as this was taken out, is taken over at once; one that changes nothing but the window, too.
   * Refused: anything but a `MaintenanceWindow`.
   *
   * @default - at any time
   */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * Whether an apply that changes what the nodes run, or makes the cluster, waits until all of them run it, and fails where
   * they do not. The apply reads the nodes' reports in `checkpointBucket` for that, with the credentials of its environment.
   * Refused: anything but a `Rollout`.
   *
   * @default Rollout.wait()
   */
  readonly rollout?: Rollout;

  /**
   * From which level on Flink's processes write to their logs. A change is taken over by a rolling change that stops
   * nothing: Flink reads it within 30 seconds.
   *
   * @default LogLevel.INFO
   */
  readonly logLevel?: LogLevel;

  /**
   * Levels of single loggers, by the name of a class or of a package, which stands for all below it: such as
   * `{ "org.apache.flink.runtime.checkpoint": LogLevel.WARN, "com.example.orders": LogLevel.ERROR }`. At most 100, of names
   * of 1 to 256 characters. A logger that is not named has the level of the nearest package above it that is, else
   * `logLevel`. A change stops nothing, as that of `logLevel`.
   *
   * @default - none
   */
  readonly logLevels?: { readonly [logger: string]: LogLevel };

  /**
   * Any other option of Flink, by its key. A key that Flink does not know is refused with the nearest known
   * one; a key that this library sets itself is refused with the property to use instead. Values are Flink's to read: with one that it
   * cannot read, a roll stops at the first node. Four keys have a default of
   * ours that yours replaces: `execution.checkpointing.num-retained` (3),
   * `execution.checkpointing.tolerable-failed-checkpoints` (3), `taskmanager.load-balance.mode` (`SLOTS`) and
   * `resourcemanager.standalone.start-up-time` (240 days in milliseconds: jobs wait for slots that are not there, and do not fail at once).
   *
   * @default - none
   */
  readonly flinkConfiguration?: { readonly [key: string]: string };

  /**
   * Security groups of your own that the machines are members of beside ours, by their ids, such as those that a company's
   * tools know their machines by: at most 4, of the network's VPC. What they open to others is still closed by the machine's
   * own firewall, but for the ports that ours opens; what they open to the outside is open, and the plan guard does not see
   * it. They can be changed at any time, and no machine is stopped for it.
   *
   * @default - none
   */
  readonly additionalSecurityGroupIds?: string[];

  /**
   * Who may call the REST API and the web UI, beside the members of `clientSecurityGroupId`: security groups, blocks of
   * private addresses, prefix lists, each once, such as
   * `[Peer.cidr("10.9.0.0/16"), Peer.prefixList("pl-0123456789abcdef0")]`. Public addresses are refused. Whoever calls
   * also needs a way there, and a certificate of the client authority. `allowClientsFrom` does the same for one, with a
   * description of yours.
   *
   * @default - nobody else
   */
  readonly access?: Peer[];

  /**
   * Size of each machine's data volume (ZooKeeper's data, Flink's temporary files and logs), 8 GiB to 16 TiB,
   * whole GiB. It can grow, by the apply, one node after the other and without a stop, and never shrink, which the plan
   * refuses.
   *
   * @default Size.gibibytes(20)
   */
  readonly dataVolumeSize?: Size;

  /**
   * Key of your own for the root and data volumes, such as `Key.fromKeyAttributes(...)` gives it: symmetric, of the
   * account and region of the cluster; its policy must leave it to the account's own policies who may use it
   * (docs/keys.md). Fixed for the cluster's life, because no volume can change its key.
   *
   * @default - a key for this cluster alone is created, with an alias and yearly rotation; it is deleted 30 days after
   * the cluster was destroyed
   */
  readonly volumeEncryptionKey?: IKey;

  /**
   * Image of the machines: Debian, Ubuntu or Amazon Linux with cloud-init, systemd, Python 3 and iptables. A newer
   * image never replaces a machine by itself.
   *
   * @default - the newest official Debian 13 image at the time a machine is created
   */
  readonly imageId?: string;

  /**
   * Where the software lies, if not in the checkpoint bucket.
   *
   * @default - the checkpoint bucket
   */
  readonly softwareBucket?: ISoftwareBucket;

  /**
   * How the software comes into the bucket and which parts are meant.
   *
   * @default Software.fetched()
   */
  readonly software?: Software;

  /**
   * Protects the machines from being terminated through console and API, the data volumes and the authorities' keys
   * from being destroyed by Terraform, and what is fixed for the cluster's life (name, buckets, key of the volumes, number
   * of ZooKeeper servers, architecture, authorities) from being changed. Taking a cluster down is two acts: set this to false and apply, then destroy.
   * Terraform can hold back only what the program still names: taking the construct out of the program, or lowering
   * `nodeCount`, removes the protection with it.
   *
   * @default true
   */
  readonly terminationProtection?: boolean;

  /**
   * Tags of everything that the cluster creates: keys of 1 to 128 characters of letters, digits and `+-=._:@`
   * (instance metadata takes no others), values of at most 256 characters.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
}
