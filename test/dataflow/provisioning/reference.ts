import type { Synthesized } from "../../support/synth";

/** The reference to the only resource of a type whose id begins so. */
export function reference(synthesized: Synthesized, type: string, beginning: string, attribute: string): string {
  const ids = Object.keys(synthesized.resources(type)).filter((id) => id.startsWith(beginning));
  expect(ids).toHaveLength(1);
  return `\${${type}.${ids[0]}.${attribute}}`;
}
