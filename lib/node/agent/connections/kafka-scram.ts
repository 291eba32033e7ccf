const LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
const EXAMPLE = '{"username": "…", "password": "…"}';

/**
 * What a client of Kafka needs to log in by SCRAM, of a secret as Amazon MSK wants it. Fails with one sentence without a
 * full stop, which says nothing of what the secret holds.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
 */
export function kafkaScramProperties(secret: string): Readonly<Record<string, string>> {
  const fields = parseObject(secret);
  const [username, password] = ["username", "password"].map((name) => requireText(name, fields[name]));
  const options = `username=${jaasText(username)} password=${jaasText(password)}`;
  return { username, password, "sasl.jaas.config": `${LOGIN_MODULE} required ${options};` };
}

/** A text as Kafka reads it back from `sasl.jaas.config`, whose words are those of java.io.StreamTokenizer. */
export function jaasText(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** The parser's own words would quote the secret. */
function parseObject(secret: string): Readonly<Record<string, unknown>> {
  let found: unknown;
  try {
    found = JSON.parse(secret);
  } catch {
    found = undefined;
  }
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
  throw new Error(`its secret is no JSON object: store it as ${EXAMPLE}`);
}

function requireText(name: string, value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw new Error(`its secret has no text named ${name}: store it as ${EXAMPLE}`);
  }
  // A line end would end the text for Kafka, and what follows it would be read as options.
  if (/\p{Cc}/u.test(value)) {
    throw new Error(
      `the ${name} in its secret holds control characters, which cannot be given to Kafka: choose another`,
    );
  }
  return value;
}
