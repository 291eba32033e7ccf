/** Who may have a secret: a user of one machine. Root may have all that is on its machine and is not named. */
export interface Holder {
  readonly machine: string;
  readonly user: string;
}

/** Something that nobody but its holders may get to see. */
export interface Secret {
  /** What a failure tells of it; its value is never printed. */
  readonly name: string;
  /** Bytes that are found in whatever holds the secret and in nothing else: a text, or numbers of a private key. */
  readonly parts: readonly Buffer[];
  readonly holders: readonly Holder[];
  /** Where it belongs: there it must be found, or the search is blind. */
  readonly home?: { readonly machine: string; readonly file: string };
}

/** Whether somebody on a machine may have it. */
export function mayHave(secret: Secret, machine: string, user: string): boolean {
  return secret.holders.some((holder) => holder.machine === machine && holder.user === user);
}
