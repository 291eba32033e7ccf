import { Admin, ConfigResourceTypes, ConfigSource } from "kafkajs";

export type Settings = Readonly<Record<string, string>>;

/** Settings of a topic as they are. */
export interface TopicSettings {
  /** Those that count, whoever has them. */
  readonly all: Settings;
  /** Those that it does not have from its brokers: what they have may be another one tomorrow. */
  readonly own: Settings;
}

/** Of topics by name, all of which are there. */
export async function settingsOf(admin: Admin, names: readonly string[]): Promise<Map<string, TopicSettings>> {
  const asked = names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name }));
  const { resources } = await admin.describeConfigs({ resources: asked, includeSynonyms: false });
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const textOf = (entries: typeof configEntries) =>
        Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
      const own = configEntries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
      return [resourceName, { all: textOf(configEntries), own: textOf(own) }];
    }),
  );
}

/** Gives a topic the settings that are asked for and leaves it those that are not; returns what it did not have. */
export async function setSettings(
  admin: Admin,
  name: string,
  { own }: TopicSettings,
  wanted: Settings,
): Promise<[string, string][]> {
  const changed = Object.entries(wanted).filter(([key, value]) => own[key] !== value);
  if (changed.length === 0) return [];
  // This call of Kafka's takes all settings of a topic in place of those that it has.
  const configEntries = entriesOf({ ...own, ...wanted });
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries }],
  });
  return changed;
}

/** As this client's calls take them. */
export function entriesOf(settings: Settings): { name: string; value: string }[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}
