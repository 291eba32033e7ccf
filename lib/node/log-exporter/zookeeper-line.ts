import type { LineContent } from "./log-document";

/** One event in one line; thread names hold brackets of their own. */
const EVENT = /^(TRACE|DEBUG|INFO|WARN|ERROR) +\[(.*?)\] ([\w.$-]+) - ([^\t]*)(?:\t(.*))?$/s;
const EXCEPTION = /^[\w.$]+/;
const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

/** Reads a line as ZooKeeper's layout writes it (lib/node/zookeeper-service.ts); of any other line it knows nothing. */
export function readZooKeeperLine(line: string): Partial<LineContent> {
  const [, level, thread, logger, message, stackTrace] = EVENT.exec(line) ?? [];
  if (level === undefined) return {};
  const event = { level, thread, logger, message: unescaped(message) };
  if (!stackTrace) return event;
  const [exception] = EXCEPTION.exec(stackTrace) ?? [];
  return { ...event, stack_trace: unescaped(stackTrace).trimEnd(), ...(exception !== undefined && { exception }) };
}

function unescaped(text: string): string {
  return text.replace(/\\([nrt\\])/g, (_, character: string) => ESCAPED[character]);
}
