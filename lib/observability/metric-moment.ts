/** Looks at a value that a time before now must hold: growth needs two, and one or the other comes late. */
export const LOOKS = 4;
const SHORTEST_SECONDS = 120;

/** The shortest time before now that surely holds a value, in seconds: a series that has none in it is silent, to panels and to alerts. */
export function momentSeconds(intervalSeconds: number): number {
  return Math.max(SHORTEST_SECONDS, Math.ceil(LOOKS * intervalSeconds));
}
