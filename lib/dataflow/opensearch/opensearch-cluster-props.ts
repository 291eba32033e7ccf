import { Duration } from "../../core/duration";
import { Size } from "../../core/size";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { OpenSearchInstanceType } from "./opensearch-instance-type";
import { OpenSearchVersion } from "./opensearch-version";

/** What an `OpenSearchCluster` can be told. */
export interface OpenSearchClusterProps {
  /** Where its nodes stand: a network of three zones. Fixed for the domain's life. */
  readonly network: IFlinkNetwork;
  /**
   * ARN of the IAM role or user that administers OpenSearch itself, such as `arn:aws:iam::123456789012:role/search-admin`:
   * it alone may then give roles of OpenSearch to others, the jobs' role among them (docs/opensearch.md says how). Never the
   * role of jobs that write here: a plan with it is refused.
   *
   * @default - a role of the domain's own, which the deploy takes on to give jobs their role of OpenSearch, and those who are
   *   named to `grantAdministration`
   */
  readonly masterUserArn?: string;
  /**
   * Name of the domain, unique in the account and region: 3 to 28 lower-case letters, digits and hyphens, beginning with a
   * letter. A change of it is another domain.
   *
   * @default - made of the construct's place in the program, such as `sinks-search`
   */
  readonly domainName?: string;
  /**
   * Version of OpenSearch. A newer one is taken on in place.
   *
   * @default OpenSearchVersion.V2_19
   */
  readonly version?: OpenSearchVersion;
  /**
   * Size of each data node.
   *
   * @default OpenSearchInstanceType.R7G_LARGE
   */
  readonly dataNodeType?: OpenSearchInstanceType;
  /**
   * Number of data nodes in each zone: 1 to 26. More than 80 nodes in all need a higher quota of Amazon OpenSearch Service,
   * and are refused here.
   *
   * @default 1
   */
  readonly dataNodesPerZone?: number;
  /**
   * Storage of each data node (EBS, gp3): whole GiB, 10 GiB to 24 TiB. How much a size of nodes takes says the service
   * (Developer Guide, "EBS volume size quotas"). It does not grow by itself.
   *
   * @default Size.gibibytes(100)
   */
  readonly storagePerDataNode?: Size;
  /**
   * Size of each of the three dedicated master nodes, one per zone, which hold no data.
   *
   * @default OpenSearchInstanceType.M7G_LARGE
   */
  readonly masterNodeType?: OpenSearchInstanceType;
  /**
   * Whether the body of a request for several documents may name other indices than its path
   * (`rest.action.multi.allow_explicit_index`). OpenSearch Dashboards needs that; IAM looks at the path alone. Roles of
   * OpenSearch hold either way.
   *
   * @default false
   */
  readonly allowExplicitIndex?: boolean;
  /**
   * Whether documents of jobs may bring fields that neither the index nor an index template has
   * (`indices:admin/mapping/put`), of whatever type OpenSearch takes them for. Refused beside `masterUserArn`, by which
   * others say what jobs may.
   *
   * @default false
   */
  readonly jobsMayAddFields?: boolean;
  /**
   * Hour, in UTC, at which a window of ten hours begins each day for updates of the service's software: 0 to 23. Updates are
   * taken on by themselves, node by node.
   *
   * @default - 22:00 in the region's own time
   */
  readonly offPeakStartHour?: number;
  /**
   * Key of your own for all that nodes store, such as `Key.fromKeyAttributes(...)` gives it: symmetric, of the account and
   * region of the domain; its policy must leave it to the account's own policies who may use it (docs/keys.md). Fixed for
   * the domain's life. Never deleted with it.
   *
   * @default - a key for this domain alone is created, with an alias and yearly rotation
   */
  readonly encryptionKey?: IKey;
  /**
   * How long the logs are kept: 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days (what CloudWatch Logs
   * offers from one year on).
   *
   * @default Duration.days(365)
   */
  readonly logRetention?: Duration;
  /**
   * Key of your own for the logs: symmetric, of the account and region of the domain; its policy must let CloudWatch Logs
   * use it (docs/keys.md says how).
   *
   * @default - a key for these logs alone is created, with an alias and yearly rotation
   */
  readonly logEncryptionKey?: IKey;
  /**
   * What becomes of the domain, and of its key and alias where they are ours, which are one unit: with `RETAIN`, Terraform
   * refuses every plan that would destroy one of them or change the key; with `DESTROY` they go with all that is stored,
   * the key after 7 days.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}
