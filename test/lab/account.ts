/**
 * What the lab needs to know of the account, as plain data: read from the emulator by the controller, handed
 * to the servers in the namespace.
 */
export interface Account {
  readonly region: string;
  readonly instances: readonly Instance[];
  readonly interfaces: readonly NetworkInterface[];
  readonly volumes: readonly Volume[];
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly rules: readonly SecurityGroupRule[];
  readonly prefixLists: readonly PrefixList[];
  readonly zones: readonly PrivateZone[];
  readonly endpoints: readonly VpcEndpoint[];
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly type: string;
  readonly imageId: string;
  readonly zone: string;
  readonly architecture: string;
  readonly accountId: string;
  /** Of its first network interface. */
  readonly interfaceId: string;
  readonly profileArn?: string;
  readonly profileId?: string;
  readonly metadata: MetadataOptions;
  readonly tags: Readonly<Record<string, string>>;
  readonly rootDeviceName: string;
  /** As the instance reads it, base64. */
  readonly userData?: string;
}

export interface MetadataOptions {
  readonly enabled: boolean;
  readonly tokenRequired: boolean;
  /** How many hops the answer that holds a token may take. */
  readonly hopLimit: number;
  readonly tags: boolean;
}

export interface NetworkInterface {
  readonly id: string;
  readonly address: string;
  readonly mac: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Name of the function of AWS Lambda that stands behind it, where one does. */
  readonly ofFunction?: string;
}

export interface Volume {
  readonly id: string;
  readonly gibibytes: number;
  readonly attachment?: { readonly instanceId: string; readonly device: string; readonly state: string };
}

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly groupId: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly prefixListId?: string;
  readonly referencedGroupId?: string;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly string[];
}

export interface PrivateZone {
  /** Without the dot at its end. */
  readonly name: string;
  readonly vpcIds: readonly string[];
  readonly records: readonly ZoneRecord[];
}

export interface ZoneRecord {
  /** Without the dot at its end. */
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly values: readonly string[];
}

export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  /** Such as `com.amazonaws.eu-west-1.s3`. */
  readonly service: string;
  readonly type: string;
  readonly interfaceIds: readonly string[];
  readonly privateDns: boolean;
}

/** The second address after a network's own: where AWS answers names. */
export function resolverAddress(cidr: string): string {
  return addressIn(cidr, 2);
}

/** The n-th address of a network. */
export function addressIn(cidr: string, n: number): string {
  const value = parseAddress(cidr.split("/")[0]) + n;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

/** Whether an IPv4 address lies in a network. */
export function contains(cidr: string, address: string): boolean {
  const [network, bits] = cidr.split("/");
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0;
  return (parseAddress(network) & mask) >>> 0 === (parseAddress(address) & mask) >>> 0;
}

function parseAddress(address: string): number {
  return address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

/** The interface with this address. Throws where there is none, which would be the lab's own fault. */
export function interfaceOf(account: Account, instance: Instance): NetworkInterface {
  const found = account.interfaces.find((one) => one.id === instance.interfaceId);
  if (!found) throw new Error(`instance ${instance.id} has no network interface ${instance.interfaceId}`);
  return found;
}

/** Name of the router's link to an interface: at most 15 characters, as the kernel wants it. */
export function shortLink(interfaceId: string): string {
  return `m-${interfaceId.slice(-8)}`;
}
