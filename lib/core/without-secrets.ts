/** Names of what is nobody's business; an ARN or a name of a secret is no secret. */
const SECRET_NAME = /(?:passw(?:or)?d|passphrase|secret|token|private[-_.]?key|secret[-_.]?key|access[-_.]?key)$/i;
/**
 * Who logs in and by what, as addresses have it: with a scheme, or from the beginning. No password is longer than this, and
 * without a bound a text of many beginnings takes the square of its length.
 */
const LOGIN = /(\/\/|^\s*)(?!arn:)([^\s/:@"']*):(?!\/\/)[^\s"']{0,1024}@/g;
/** As options of an address. */
const OPTION = /(\bpassw(?:or)?d=)[^&;\s"']+/gi;
/** In a statement of SQL; where the text ends, only its writer knows. */
const STATEMENT = /(\bPASSWORD\s+)(?:(?:E|U&)?'|\$).*/is;

/** What stands in place of a secret. */
export const HIDDEN = "…";

/** Whether what has this name is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A text as a message may show it: logs keep messages, and people send them to each other. */
export function withoutSecrets(text: string): string {
  return text.replace(LOGIN, `$1$2:${HIDDEN}@`).replace(OPTION, `$1${HIDDEN}`).replace(STATEMENT, `$1${HIDDEN}`);
}

/** The same of all texts in an object, for `JSON.stringify`, and without what its names say is a secret. */
export function hideSecrets(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return isSecretName(name) ? HIDDEN : withoutSecrets(value);
}
