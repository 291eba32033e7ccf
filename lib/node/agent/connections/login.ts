import { secretTexts } from "./secret-texts";

/** Who calls a system. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What a text of a secret must not hold, as on the way to its system it would be cut or read as something else. */
export interface LoginLimit {
  readonly found: RegExp;
  /** Ends a sentence that begins with the text's name, such as `holds a colon, which …`. */
  readonly why: string;
}

/** A line end would end the text, and what follows it would be read as something else. */
export function noControlCharacters(system: string): LoginLimit {
  return { found: /\p{Cc}/u, why: `holds control characters, which cannot be given to ${system}` };
}

/** JSON can hold one half of what UTF-16 writes as two; on its way to a client it becomes another character. */
export const NO_HALF_CHARACTERS: LoginLimit = {
  found: /\p{Cs}/u,
  why: "holds half of a character, which no text of UTF-8 can",
};

/**
 * Name and password of a secret. Fails with one sentence without a full stop, which says nothing of what the secret holds.
 */
export function loginOf(
  secret: string,
  limits: readonly LoginLimit[],
  limitsOfUsername: readonly LoginLimit[] = [],
): Login {
  const { username, password } = secretTexts(secret, ["username", "password"]);
  requireWithin("username", username, [...limits, ...limitsOfUsername]);
  requireWithin("password", password, limits);
  return { username, password };
}

function requireWithin(name: keyof Login, value: string, limits: readonly LoginLimit[]): void {
  const broken = limits.find(({ found }) => found.test(value));
  if (broken) throw new Error(`the ${name} in its secret ${broken.why}: choose another`);
}
