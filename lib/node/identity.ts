/**
 * Who a machine is: all that its user data says, beside the frozen bootstrap. It never changes while the
 * machine lives.
 */
export interface NodeIdentity {
  readonly cluster: string;
  /** Name of this node, such as `orders-node-1`. */
  readonly node: string;
  /** Bucket that holds the desired state and takes the reports. */
  readonly bucket: string;
  /** Bucket that holds the software: the same one unless the user shares a software bucket. */
  readonly softwareBucket: string;
  readonly region: string;
  /** Such as `amazonaws.com`. */
  readonly dnsSuffix: string;
  /** Id of the data volume, such as `vol-0123456789abcdef0`. */
  readonly dataVolumeId: string;
}
