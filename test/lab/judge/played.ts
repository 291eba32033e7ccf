import type { Instance } from "../account";

/** A session of Session Manager. */
export interface ManagedSession {
  /** As its owner is told, and names it. */
  readonly id: string;
  /** Whose it is: what IAM knows as `aws:userid`. */
  readonly userId: string;
  /** What it is called where policies name it: it begins with the user's id (see session-manager-questions.ts). */
  readonly resourceId: string;
}

/** Things that policies ask about and that are no policies. */
export interface Played {
  readonly instances: readonly Pick<Instance, "id" | "tags">[];
  session(id: string): ManagedSession | undefined;
}

export const NOTHING_PLAYED: Played = { instances: [], session: () => undefined };
