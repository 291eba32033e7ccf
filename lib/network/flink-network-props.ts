import { Duration } from "../core/duration";
import { IKey } from "../encryption/i-key";

/** What a `FlinkNetwork` can be told. */
export interface FlinkNetworkProps {
  /**
   * Block of private IPv4 addresses (RFC 1918) of the VPC, size /16 to /24, written from its first address.
   * A quarter of it goes to each zone; a change of it is another network.
   * Refused: public blocks, other sizes, addresses within a block.
   *
   * @default "10.40.0.0/16"
   */
  readonly cidr?: string;

  /**
   * Number of zones: 1 or 3. Two are refused: the loss of one could take the majority of three ZooKeeper servers
   * with it.
   *
   * @default 3
   */
  readonly availabilityZoneCount?: number;

  /**
   * Names of the zones, as many as `availabilityZoneCount`, such as `["eu-west-1a", "eu-west-1b", "eu-west-1c"]`.
   *
   * @default - the first zones of the region in alphabetical order at the time the network is created; a zone
   * that the region gains later changes nothing
   */
  readonly availabilityZones?: string[];

  /**
   * Name of the private zone in which every node has a name: lower-case, two labels or more, at most 200
   * characters. Refused: names that AWS or the machines themselves answer for, such as `x.local`.
   *
   * @default "flink.internal"
   */
  readonly domainName?: string;

  /**
   * How long flow logs are kept: 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days (what
   * CloudWatch Logs offers from one year on).
   *
   * @default Duration.days(365)
   */
  readonly flowLogRetention?: Duration;

  /**
   * Key of your own for the flow logs, such as `Key.fromKeyAttributes(...)` gives it: symmetric, of the account and
   * region of the network; its policy must let CloudWatch Logs use it (docs/keys.md says how). Choose it before the
   * network is created: logs that were written under an earlier key can be read for as long as that key is there, and
   * one of ours is deleted 7 days after it was given up.
   *
   * @default - a key for these logs alone is created, with an alias and yearly rotation
   */
  readonly flowLogEncryptionKey?: IKey;
}
