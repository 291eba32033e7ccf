/**
 * What happened to a cluster of three nodes with four jobs on a day on which some things went wrong. It is over: what is drawn of it
 * is the same whenever it is drawn. Moments are minutes of the day.
 */
export const DAY = { from: "2026-11-29T00:00:00Z", to: "2026-11-30T00:00:00Z" };
export const END = 24 * 60;
export const CLUSTER = "orders";
export const [ONE, TWO, THREE] = ["orders-node-1", "orders-node-2", "orders-node-3"];
export const NODES = [ONE, TWO, THREE];

export interface Job {
  readonly id: string;
  readonly name: string;
  /** When it ended. */
  readonly until?: number;
}

export const ENRICHMENT: Job = { id: "4f3a0c1d2e5b697887969a5b4c3d2e1f", name: "orders-enrichment" };
export const SESSIONS: Job = { id: "a81c56e0b7d94423916f0d3e5c7b2a48", name: "click-sessions" };
export const SCORES: Job = { id: "0be47d19c3f84f6aa5d2817e6490bc35", name: "fraud-scores" };
/** It gives up. */
export const INVOICES: Job = { id: "d95f21ab406e4c7b8e13f7a2c06d5b91", name: "invoices-to-search", until: at("17:42") };
export const JOBS = [ENRICHMENT, SESSIONS, SCORES, INVOICES];

/** The kernel ends the TaskManager of node 2, which has taken too much memory: all jobs begin anew. */
export const OUT_OF_MEMORY = at("06:40");
/** The database of customers hardly answers: one job begins anew and again, and some of its checkpoints take too long. */
export const SLOW_DATABASE = { from: at("12:04"), to: at("13:12"), every: 7 };
/** An invoice that cannot be read: a job fails, begins anew, and gives up at the last of these. */
export const BROKEN_INVOICE = ["17:22", "17:28", "17:35", "17:41"].map(at);
/** A change of settings goes from node to node, the leader last. */
export const ROLL = { [THREE]: at("20:06"), [TWO]: at("20:12"), [ONE]: at("20:18") };
/** Node 3 is cut off: it says nothing any more. */
export const SILENCE = at("22:36");

export function slowDatabaseFailures(): number[] {
  const { from, to, every } = SLOW_DATABASE;
  return Array.from({ length: Math.ceil((to - from) / every) }, (_, index) => from + index * every);
}

/** Whether a checkpoint of the job that asks the slow database failed beside that failure. */
export function failsCheckpoint(failure: number): boolean {
  return failure % 2 === 0;
}

export function leaderAt(minute: number): string {
  return minute < ROLL[ONE] ? ONE : TWO;
}

/** Minute of the day. */
export function at(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The same numbers from 0 to 1 each time (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
