import { nearest } from "../../core/nearest";
import { requireKnown } from "../../core/terraform/text";
import { refuse, requireMap, showValue } from "../../core/validation";
import { BROKER_SETTINGS, BrokerSetting } from "./broker-setting-table";

/** What is written counts only when two zones have it, whoever is asked to lead, and nothing is open by default. */
const OWNED: Readonly<Record<string, string>> = {
  // Lists of Kafka's own hold for nobody who logs in by IAM; nobody may come in by having none.
  "allow.everyone.if.no.acl.found": "false",
  // A slip in a name would otherwise make a topic, with partitions and retention that nobody chose.
  "auto.create.topics.enable": "false",
  "default.replication.factor": "3",
  "min.insync.replicas": "2",
  "offsets.topic.replication.factor": "3",
  "transaction.state.log.min.isr": "2",
  "transaction.state.log.replication.factor": "3",
  // A replica that lacks rows would lead, and what it lacks would be gone.
  "unclean.leader.election.enable": "false",
};

/**
 * A day. It is a limit alone: each sink asks for less, Flink's for an hour where it says nothing, which Kafka's own limit
 * of 15 minutes refuses. Rows of a completed checkpoint are lost where a job is away for longer than its transaction.
 */
const DEFAULTS: Readonly<Record<string, string>> = { "transaction.max.timeout.ms": "86400000" };

/** The settings of brokers as Amazon MSK takes them: ours, and what is given in place of defaults or beside them. */
export function serverProperties(given: Readonly<Record<string, string>>): string {
  const all = { ...DEFAULTS, ...given, ...OWNED };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .sort()
    .join("");
}

/** Refuses what Amazon MSK or a broker does not take, and what is the library's. */
export function requireBrokerConfiguration(
  property: string,
  given: unknown,
): asserts given is Readonly<Record<string, string>> {
  const why = "it is checked when the program runs";
  requireKnown(property, given, why);
  requireMap(property, given);
  for (const [key, value] of Object.entries(given)) {
    requireKnown(`a key of ${property}`, key, why);
    const name = `${property}[${showValue(key)}]`;
    if (Object.hasOwn(OWNED, key)) {
      refuse({
        property: `a key of ${property}`,
        value: key,
        allowed: `none that the library sets, as it does this one to ${OWNED[key]}`,
        remedy: "leave it out",
      });
    }
    if (!Object.hasOwn(BROKER_SETTINGS, key)) refuseUnknown(property, key);
    requireKnown(name, value, why);
    requireSetting(name, value, BROKER_SETTINGS[key]);
  }
}

function refuseUnknown(property: string, key: string): never {
  const close = nearest(key, Object.keys(BROKER_SETTINGS));
  refuse({
    property: `a key of ${property}`,
    value: key,
    allowed: "a setting that Amazon MSK lets its users have and that works without ZooKeeper",
    remedy: close === undefined ? "leave it out, or set it for a topic" : `write ${close}, or leave it out`,
  });
}

function requireSetting(property: string, value: unknown, setting: BrokerSetting): void {
  if (typeof value === "string" && isTaken(value, setting)) return;
  refuse({ property, value, allowed: `a text with ${inWords(setting)}`, remedy: "correct it, or leave it out" });
}

function isTaken(value: string, setting: BrokerSetting): boolean {
  if (setting.kind === "word") return setting.words.includes(value);
  if (setting.kind === "part") return /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(value);
  return /^(0|-?[1-9]\d{0,15})$/.test(value) && Number(value) >= setting.min && Number(value) <= setting.max;
}

function inWords(setting: BrokerSetting): string {
  if (setting.kind === "word") return `one of ${setting.words.join(" and ")}`;
  if (setting.kind === "part") return "a number from 0 to 1, such as 0.5";
  return `a whole number from ${setting.min} to ${setting.max}`;
}
