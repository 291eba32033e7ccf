import { loginOf, NO_HALF_CHARACTERS, noControlCharacters } from "./login";

/**
 * What a client needs to log in by HTTP's basic authentication. Fails with one sentence without a full stop, which says
 * nothing of what the secret holds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617#section-2
 */
export function basicLoginProperties(secret: string): Readonly<Record<string, string>> {
  const limits = [noControlCharacters("a server by HTTP"), NO_HALF_CHARACTERS];
  const { username, password } = loginOf(secret, limits, [
    { found: /:/, why: "holds a colon, with which a name ends in HTTP's basic authentication" },
  ]);
  return { username, password };
}
