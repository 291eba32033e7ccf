import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Block } from "../../support/synthesized";

/** Runbooks of the rules, and so names of the samples. */
export const RULES = ["instance-state", "instance-health", "data-volume"] as const;

/** An event as AWS publishes it, on the page that stands beside it in the file. */
export function sampleEvent(rule: (typeof RULES)[number]): Block {
  const { event } = JSON.parse(readFileSync(join(__dirname, "events", `${rule}.json`), "utf8")) as { event: Block };
  return event;
}

/** The machine or volume that the sample of a rule is about. */
export const SAMPLE_OF: Readonly<Record<(typeof RULES)[number], string>> = {
  "instance-state": "i-1234567890abcdef0",
  "instance-health": "i-abcd1111",
  "data-volume": "arn:aws:ec2:us-east-1:0123456789ab:volume/vol-01234567",
};

/** The same event about something else, and with another detail. */
export function changed(event: Block, { from, to, detail = {} }: { from: string; to: string; detail?: object }): Block {
  const about = JSON.parse(JSON.stringify(event).replaceAll(JSON.stringify(from), JSON.stringify(to))) as Block;
  return { ...about, detail: { ...(about.detail as object), ...detail } };
}
