import { Duration } from "../core/duration";
import { OptionNames, requireOptionsOf } from "../core/validation";
import { requireKey } from "../encryption/key-checks";
import { AddressBlock, requirePrivateBlock } from "./cidr";
import { requireDomainName } from "./domain-name";
import { FlinkNetworkProps } from "./flink-network-props";
import { requireRetentionDays } from "./log-retention";
import { requireAvailabilityZones, requireZoneCount } from "./zones";

const PROPS: OptionNames<FlinkNetworkProps> = {
  cidr: true,
  availabilityZoneCount: true,
  availabilityZones: true,
  domainName: true,
  flowLogRetention: true,
  flowLogEncryptionKey: true,
};

/** All props, checked and complete, but for the names of the zones. */
export interface NetworkSettings {
  readonly cidr: string;
  readonly block: AddressBlock;
  readonly domainName: string;
  readonly zoneCount: number;
  readonly retentionDays: number;
}

/** Checks every prop, and fills in the defaults. */
export function checkNetworkProps(props: FlinkNetworkProps): NetworkSettings {
  requireOptionsOf("props", props, PROPS);
  const cidr = props.cidr ?? "10.40.0.0/16";
  const domainName = props.domainName ?? "flink.internal";
  const zoneCount = props.availabilityZoneCount ?? 3;
  const retention = props.flowLogRetention ?? Duration.days(365);
  const block = requirePrivateBlock("cidr", cidr, 16, 24, "10.40.0.0/16");
  requireZoneCount("availabilityZoneCount", zoneCount);
  if (props.availabilityZones !== undefined) {
    requireAvailabilityZones("availabilityZones", props.availabilityZones, zoneCount);
  }
  requireDomainName("domainName", domainName);
  if (props.flowLogEncryptionKey !== undefined) requireKey("flowLogEncryptionKey", props.flowLogEncryptionKey);
  return { cidr, block, domainName, zoneCount, retentionDays: requireRetentionDays("flowLogRetention", retention) };
}
