import type { Settings } from "./topic-settings";

const RETENTION = "retention.ms";
const POLICY = "cleanup.policy";
/** Of Kafka: no limit. */
const FOR_EVER = "-1";

/**
 * By what settings rows would go that a topic keeps as it is, such as `retention.ms from 604800000 to 60000`; nothing where it
 * keeps all of them.
 */
export function lossBy(now: Settings, wanted: Settings): string | undefined {
  const next = { ...now, ...wanted };
  const [had, gets] = [now, next].map((settings) => settings[POLICY].split(","));
  if (gets.some((policy) => !had.includes(policy))) return `${POLICY} from ${now[POLICY]} to ${next[POLICY]}`;
  const isShorter = millisOf(next[RETENTION]) < millisOf(now[RETENTION]);
  return isShorter && gets.includes("delete") ? `${RETENTION} from ${now[RETENTION]} to ${next[RETENTION]}` : undefined;
}

function millisOf(retention: string): number {
  return retention === FOR_EVER ? Infinity : Number(retention);
}
