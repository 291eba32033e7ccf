import { Admin, ConfigResourceTypes, ConfigSource } from "kafkajs";
import type { TopicRequest } from "./topics-request";

type Settings = Readonly<Record<string, string>>;

/** Gives a topic the settings that are asked for and leaves it those that are not; returns what it did not have. */
export async function setSettings(admin: Admin, { name, configuration }: TopicRequest): Promise<[string, string][]> {
  if (Object.keys(configuration).length === 0) return [];
  const resource = { type: ConfigResourceTypes.TOPIC, name };
  const own = await ownSettings(admin, resource);
  const changed = Object.entries(configuration).filter(([key, value]) => own[key] !== value);
  if (changed.length === 0) return [];
  // This call of Kafka's takes all settings of a topic in place of those that it has.
  const configEntries = entriesOf({ ...own, ...configuration });
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  return changed;
}

/** As this client's calls take them. */
export function entriesOf(settings: Settings): { name: string; value: string }[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

/** Those that a topic does not have from its brokers: what they have may be another one tomorrow. */
async function ownSettings(
  admin: Admin,
  resource: { readonly type: ConfigResourceTypes; readonly name: string },
): Promise<Settings> {
  const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
  const own = resources[0].configEntries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
  return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
}
