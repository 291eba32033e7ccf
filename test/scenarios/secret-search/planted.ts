import { randomBytes } from "crypto";
import { Holder, Secret } from "./secret";
import { Finding } from "./verdict";

/** A marked secret, and where a search that sees has to find it. */
export interface Plant {
  readonly secret: Secret;
  /** Places in which it must be found; none: only those who may have it can read it, and so it must not. */
  readonly foundIn: readonly string[];
  /** Places in which it may be found besides, for it lies there as well on some machines. */
  readonly perhapsIn: readonly string[];
  /** Whether it stays where it is when all is taken away: a journal forgets nothing. */
  readonly stays: boolean;
}

/** @param more who may have it; nobody by default */
export function plant(
  name: string,
  foundIn: readonly string[],
  more: Partial<Plant> & { holders?: Holder[] } = {},
): Plant {
  const { holders = [], perhapsIn = [], stays = false } = more;
  const marker = Buffer.from(randomBytes(24).toString("base64url"));
  return { secret: { name: `planted: ${name}`, parts: [marker], holders }, foundIn, perhapsIn, stays };
}

/** The marker itself. */
export function valueOf({ secret }: Plant): string {
  return secret.parts[0].toString();
}

/** What a search of the planted secrets did wrong: an empty list shows that it finds these and only these. */
export function mistakesOf(plants: readonly Plant[], findings: readonly Finding[]): string[] {
  const foundIn = (name: string) => new Set(findings.filter(({ secret }) => secret === name).map(({ place }) => place));
  return plants.flatMap(({ secret: { name }, foundIn: places, perhapsIn }) => {
    const found = foundIn(name);
    return [
      ...places.filter((place) => !found.has(place)).map((place) => `${name}: not found in ${place}`),
      ...[...found]
        .filter((place) => ![...places, ...perhapsIn].includes(place))
        .map((place) => `${name}: found in ${place}, where it does not lie for others to read`),
    ];
  });
}
