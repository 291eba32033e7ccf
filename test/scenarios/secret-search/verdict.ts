import { Hit, PlaceSearch } from "./place";
import { mayHave, Secret } from "./secret";

/** What was searched in a place of one machine; or of none, as the account, the operator's disk and the REST API are. */
export interface Searched extends PlaceSearch {
  readonly machine?: string;
}

/** A secret where it must not be. */
export interface Finding {
  readonly secret: string;
  readonly place: string;
  /** With the machine, the form of the secret, and who can read it where that matters; never a value. */
  readonly where: string;
}

/** Secrets that somebody can read who may not have them. */
export function findingsOf(searched: readonly Searched[], secrets: readonly Secret[]): Finding[] {
  return searched.flatMap(({ place, machine, hits }) =>
    hits.flatMap((hit) => {
      const secret = secrets[hit.secret];
      const others = hit.readers?.filter((user) => machine === undefined || !mayHave(secret, machine, user));
      if (others?.length === 0) return [];
      const readable = others === undefined ? "" : `, readable by ${others.join(", ")}`;
      const on = machine === undefined ? "" : `${machine}: `;
      return [{ secret: secret.name, place, where: `${on}${hit.where} (${hit.form})${readable}` }];
    }),
  );
}

/** Names of secrets that were not found in the files where they belong: the search would find them nowhere else. */
export function notSeenAtHome(searched: readonly Searched[], secrets: readonly Secret[]): string[] {
  const isAtHome = (secret: Secret, machine: string | undefined, hit: Hit) =>
    secrets[hit.secret] === secret && machine === secret.home?.machine && hit.where === secret.home?.file;
  return secrets
    .filter(({ home }) => home !== undefined)
    .filter((secret) => !searched.some(({ machine, hits }) => hits.some((hit) => isAtHome(secret, machine, hit))))
    .map(({ name }) => name);
}

/** A row of what a person is shown. */
export interface PlaceRow {
  readonly place: string;
  readonly machines: number | "-";
  readonly things: number;
  readonly MiB: string;
  /** Found, and to be read by who may have it alone. */
  readonly "where they belong": number;
  readonly findings: number;
}

/** Place by place, of all machines together. */
export function tellSearch(searched: readonly Searched[], secrets: readonly Secret[]): PlaceRow[] {
  return [...new Set(searched.map(({ place }) => place))].map((place) => {
    const these = searched.filter((one) => one.place === place);
    const sum = (of: (one: Searched) => number) => these.reduce((total, one) => total + of(one), 0);
    const findings = findingsOf(these, secrets).length;
    return {
      place,
      machines: new Set(these.flatMap(({ machine }) => machine ?? [])).size || "-",
      things: sum(({ things }) => things),
      MiB: (sum(({ bytes }) => bytes) / 1024 ** 2).toFixed(1),
      "where they belong": sum(({ hits }) => hits.length) - findings,
      findings,
    };
  });
}
