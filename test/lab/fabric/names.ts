import { Answer as Record } from "dns-packet";
import { Account, contains, PrivateZone } from "../account";
import { API_ADDRESS } from "../namespace";

/** What the resolver answers to one question. */
export interface Resolution {
  readonly code: "NOERROR" | "NXDOMAIN";
  readonly answers: readonly Record[];
}

const UNKNOWN: Resolution = { code: "NXDOMAIN", answers: [] };
const EMPTY: Resolution = { code: "NOERROR", answers: [] };
/** Short, so that a change in the account is seen soon. */
const OWN_TTL_SECONDS = 10;
const LONGEST_ALIAS_CHAIN = 8;

/**
 * Answers one question as the resolver of the caller's network does: its private zones, the names of its
 * instances, AWS's regional endpoints. Whoever is in no network (Terraform, a person) is the operator and
 * finds every zone and AWS's global endpoints as well.
 */
export function resolve(account: Account, s3Address: string, from: string, asked: string, type: string): Resolution {
  const name = asked.toLowerCase().replace(/\.$/, "");
  const vpcId = account.vpcs.find((vpc) => contains(vpc.cidr, from))?.id;
  const zone = zoneOf(account, vpcId, name);
  if (zone) return inZone(account, s3Address, from, zone, name, type);
  if (name.endsWith(".in-addr.arpa")) return reverse(account, vpcId, name, type);
  if (name.endsWith(".compute.internal")) return instanceName(account, name, type);
  const addresses = endpointAddresses(account, s3Address, vpcId, name);
  if (!addresses) return UNKNOWN;
  return type === "A" ? found(addresses.map((data) => ({ type: "A", name, ttl: OWN_TTL_SECONDS, data }))) : EMPTY;
}

function found(answers: readonly Record[]): Resolution {
  return { code: "NOERROR", answers };
}

/** The zone with the longest name that the caller's network is associated with. */
function zoneOf(account: Account, vpcId: string | undefined, name: string): PrivateZone | undefined {
  return account.zones
    .filter((zone) => !vpcId || zone.vpcIds.includes(vpcId))
    .filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

function inZone(
  account: Account,
  s3Address: string,
  from: string,
  zone: PrivateZone,
  name: string,
  type: string,
  depth = 0,
): Resolution {
  const exact = zone.records.filter((record) => record.name === name);
  // A wildcard stands for names that are not there themselves.
  const wildcard = `*.${name.split(".").slice(1).join(".")}`;
  const records = exact.length > 0 ? exact : zone.records.filter((record) => record.name === wildcard);
  if (records.length === 0) return UNKNOWN;
  const alias = records.find((record) => record.type === "CNAME");
  if (alias && type !== "CNAME" && depth < LONGEST_ALIAS_CHAIN) {
    const target = alias.values[0].replace(/\.$/, "");
    const answer: Record = { type: "CNAME", name, ttl: alias.ttl, data: target };
    const targetZone = target.endsWith(`.${zone.name}`) ? zone : undefined;
    const rest = targetZone
      ? inZone(account, s3Address, from, targetZone, target, type, depth + 1)
      : resolve(account, s3Address, from, target, type);
    return found([answer, ...rest.answers]);
  }
  const answers = records
    .filter((record) => record.type === type)
    .flatMap((record) => record.values.flatMap((value) => toRecord(name, record.type, record.ttl, value) ?? []));
  return found(answers);
}

function toRecord(name: string, type: string, ttl: number, value: string): Record | undefined {
  switch (type) {
    case "A":
    case "AAAA":
      return { type, name, ttl, data: value };
    case "CNAME":
      return { type, name, ttl, data: value.replace(/\.$/, "") };
    case "TXT":
      return { type, name, ttl, data: [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]) };
    case "SRV": {
      const [priority, weight, port, target] = value.split(/\s+/);
      const data = {
        priority: Number(priority),
        weight: Number(weight),
        port: Number(port),
        target: target.replace(/\.$/, ""),
      };
      return { type, name, ttl, data };
    }
    default:
      return undefined;
  }
}

function hostName(account: Account, address: string): string {
  return `ip-${address.replace(/\./g, "-")}.${account.region}.compute.internal`;
}

function reverse(account: Account, vpcId: string | undefined, name: string, type: string): Resolution {
  const address = name.replace(".in-addr.arpa", "").split(".").reverse().join(".");
  const known = account.interfaces.some((one) => one.address === address && (!vpcId || one.vpcId === vpcId));
  if (!known) return UNKNOWN;
  const data = hostName(account, address);
  return type === "PTR" ? found([{ type: "PTR", name, ttl: OWN_TTL_SECONDS, data }]) : EMPTY;
}

function instanceName(account: Account, name: string, type: string): Resolution {
  const address = account.interfaces.find((one) => hostName(account, one.address) === name)?.address;
  if (!address) return UNKNOWN;
  return type === "A" ? found([{ type: "A", name, ttl: OWN_TTL_SECONDS, data: address }]) : EMPTY;
}

/**
 * Where a name of AWS leads. S3 has its regional name and no other here: the global name and other regions'
 * are what a network with only a gateway endpoint cannot reach, so that they lead to nothing shows who uses them.
 */
function endpointAddresses(
  account: Account,
  s3Address: string,
  vpcId: string | undefined,
  name: string,
): string[] | undefined {
  const suffix = account.region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  if (!name.endsWith(suffix)) return undefined;
  const labels = name.slice(0, -suffix.length).split(".");
  if (labels.includes("s3")) {
    const regional = labels.slice(labels.lastIndexOf("s3")).join(".") === `s3.${account.region}`;
    return regional ? [s3Address] : undefined;
  }
  const [service, region] = labels.slice(-2);
  if (labels.length >= 2 && region === account.region) {
    const endpoint = account.endpoints.find(
      (one) =>
        one.vpcId === vpcId &&
        one.type === "Interface" &&
        one.privateDns &&
        one.service.endsWith(`.${region}.${service}`),
    );
    const own = account.interfaces.filter((one) => endpoint?.interfaceIds.includes(one.id)).map((one) => one.address);
    return own.length > 0 ? own : [API_ADDRESS];
  }
  // Global services, such as iam.amazonaws.com: a network's resolver knows them, and its firewall decides.
  return labels.length === 1 ? [API_ADDRESS] : undefined;
}
