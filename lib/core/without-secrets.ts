/** Names of what is nobody's business; an ARN or a name of a secret is no secret. */
const SECRET_NAME = /(?:passw(?:or)?d|passphrase|secret|token|private[-_.]?key|secret[-_.]?key|access[-_.]?key)$/i;
/** What has no space and no quote in it: an address is such a word, or a part of one. */
const WORD = /[^\s"']+/g;
/** Who logs in and by what, as addresses have it: with a scheme, or where the text begins with it. */
const LOGIN = /(\/\/)(?!arn:)([^/:@]*):(?!\/\/).*@$/;
const LOGIN_AT_FIRST = /(\/\/|^)(?!arn:)([^/:@]*):(?!\/\/).*@$/;
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
  return withoutLogins(text).replace(OPTION, `$1${HIDDEN}`).replace(STATEMENT, `$1${HIDDEN}`);
}

/** Word by word and up to a word's last `@`, so that the time it takes grows with the length of a text and no faster. */
function withoutLogins(text: string): string {
  // Most texts hold none, and lines of logs are many.
  if (!text.includes("@")) return text;
  const first = text.search(/\S/);
  return text.replace(WORD, (word, at: number) => {
    const end = word.lastIndexOf("@") + 1;
    const login = at === first ? LOGIN_AT_FIRST : LOGIN;
    return word.slice(0, end).replace(login, `$1$2:${HIDDEN}@`) + word.slice(end);
  });
}

/** The same of all texts in an object, for `JSON.stringify`, and without what its names say is a secret. */
export function hideSecrets(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return isSecretName(name) ? HIDDEN : withoutSecrets(value);
}
