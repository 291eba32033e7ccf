import { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { Size } from "../../core/size";
import { nameOfPlace } from "../../core/terraform/names";
import { requireKnown } from "../../core/terraform/text";
import {
  OptionNames,
  refuse,
  requireBoolean,
  requireInstance,
  requireInteger,
  requireOptionsOf,
  requireText,
} from "../../core/validation";
import { requireKey } from "../../encryption/key-checks";
import { requireRetentionDays } from "../../network/log-retention";
import { requireRegionOfNetwork } from "../../network/region-of-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { requireRemovalPolicy } from "../../storage/storage-checks";
import { connectionName } from "../connection-name";
import { requireThreeZones } from "../three-zones";
import { requireIamPrincipal } from "./iam-principal";
import { OpenSearchClusterProps } from "./opensearch-cluster-props";
import { OpenSearchInstanceType } from "./opensearch-instance-type";
import { OpenSearchVersion } from "./opensearch-version";
import { wholeGibibytes } from "../whole-gibibytes";

const PROPS: OptionNames<OpenSearchClusterProps> = {
  network: true,
  masterUserArn: true,
  domainName: true,
  version: true,
  dataNodeType: true,
  dataNodesPerZone: true,
  storagePerDataNode: true,
  masterNodeType: true,
  allowExplicitIndex: true,
  jobsMayAddFields: true,
  offPeakStartHour: true,
  encryptionKey: true,
  logRetention: true,
  logEncryptionKey: true,
  removalPolicy: true,
  connectionName: true,
};
const LONGEST_NAME = 28;
const DOMAIN_NAME = /^[a-z][a-z0-9-]{2,27}$/;
/** Three zones of them, with three master nodes, are what the service gives to an account without a higher quota. */
const MOST_DATA_NODES_PER_ZONE = 26;
/** Amazon OpenSearch Service Developer Guide, "EBS volume size quotas": of all sizes of nodes together. */
const [LEAST_STORAGE, MOST_STORAGE] = [Size.gibibytes(10), Size.gibibytes(24 * 1024)];

/** What a domain is made of, checked and with its defaults. */
export interface OpenSearchClusterSettings {
  readonly domainName: string;
  readonly connectionName: string;
  readonly version: string;
  readonly dataNodeType: string;
  readonly dataNodesPerZone: number;
  /** GiB. */
  readonly storage: number;
  readonly masterNodeType: string;
  readonly allowExplicitIndex: boolean;
  readonly jobsMayAddFields: boolean;
  readonly logRetentionDays: number;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkOpenSearchClusterProps(
  cluster: Construct,
  id: string,
  props: OpenSearchClusterProps,
): OpenSearchClusterSettings {
  requireOptionsOf("props", props, PROPS);
  requireThreeZones("network", props.network, "each has a third of the nodes");
  requireRegionOfNetwork("network", props.network, cluster);
  if (props.masterUserArn !== undefined) requireIamPrincipal("masterUserArn", props.masterUserArn);
  if (props.encryptionKey !== undefined) requireKey("encryptionKey", props.encryptionKey);
  if (props.logEncryptionKey !== undefined) requireKey("logEncryptionKey", props.logEncryptionKey);
  const {
    version = OpenSearchVersion.V2_19,
    dataNodeType = OpenSearchInstanceType.R7G_LARGE,
    dataNodesPerZone = 1,
    masterNodeType = OpenSearchInstanceType.M7G_LARGE,
    allowExplicitIndex = false,
    jobsMayAddFields = false,
    offPeakStartHour,
    logRetention = Duration.days(365),
    removalPolicy = RemovalPolicy.RETAIN,
  } = props;
  requireInstance("version", version, OpenSearchVersion, "OpenSearchVersion.V2_19");
  requireInstance("dataNodeType", dataNodeType, OpenSearchInstanceType, "OpenSearchInstanceType.R7G_LARGE");
  requireInstance("masterNodeType", masterNodeType, OpenSearchInstanceType, "OpenSearchInstanceType.M7G_LARGE");
  requireKnown("dataNodesPerZone", dataNodesPerZone, "it is checked when the program runs");
  requireInteger("dataNodesPerZone", dataNodesPerZone, 1, MOST_DATA_NODES_PER_ZONE);
  requireBoolean("allowExplicitIndex", allowExplicitIndex);
  requireBoolean("jobsMayAddFields", jobsMayAddFields);
  requireNoMasterUser("jobsMayAddFields", props.jobsMayAddFields, props.masterUserArn);
  if (offPeakStartHour !== undefined) {
    requireKnown("offPeakStartHour", offPeakStartHour, "it is checked when the program runs");
    requireInteger("offPeakStartHour", offPeakStartHour, 0, 23);
  }
  requireRemovalPolicy("removalPolicy", removalPolicy);
  return {
    domainName: domainName(cluster, props.domainName),
    connectionName: connectionName(props.connectionName, id, "opensearch"),
    version: `OpenSearch_${version.version}`,
    dataNodeType: dataNodeType.name,
    dataNodesPerZone,
    storage: wholeGibibytes(
      "storagePerDataNode",
      props.storagePerDataNode ?? Size.gibibytes(100),
      LEAST_STORAGE,
      MOST_STORAGE,
    ),
    masterNodeType: masterNodeType.name,
    allowExplicitIndex,
    jobsMayAddFields,
    logRetentionDays: requireRetentionDays("logRetention", logRetention),
    removalPolicy,
  };
}

/** Where the user's own administrator decides, the library decides nothing of it. */
function requireNoMasterUser(property: string, value: unknown, masterUserArn: string | undefined): void {
  if (masterUserArn === undefined || value === undefined) return;
  refuse({
    property,
    value,
    allowed: "given where the deploy gives jobs their role of OpenSearch, and here masterUserArn does",
    remedy: `leave out ${property}, or masterUserArn`,
  });
}

function domainName(cluster: Construct, given: string | undefined): string {
  if (given === undefined) {
    const name = nameOfPlace(cluster, LONGEST_NAME);
    return DOMAIN_NAME.test(name) ? name : `${name}-search`;
  }
  requireKnown("domainName", given, "it names log groups, to which a policy refers");
  requireText(
    "domainName",
    given,
    DOMAIN_NAME,
    `3 to ${LONGEST_NAME} lower-case letters, digits and hyphens, beginning with a letter`,
  );
  return given;
}
