import { printable } from "../../../core/printable";

/** Characters of a job's name that a reason shows; Flink itself sets no limit. */
const LONGEST = 80;

/** The name of a job as a reason shows it: whoever submits jobs chooses it, and operators read it in their terminals. */
export function shownJobName(name: string): string {
  const characters = [...printable(name)];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : characters.join("");
}
