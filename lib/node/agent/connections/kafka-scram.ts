import { loginOf, noControlCharacters } from "./login";

const LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";

/**
 * What a client of Kafka needs to log in by SCRAM, of a secret as Amazon MSK wants it. Fails with one sentence without a
 * full stop, which says nothing of what the secret holds.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
 */
export function kafkaScramProperties(secret: string): Readonly<Record<string, string>> {
  const { username, password } = loginOf(secret, [noControlCharacters("Kafka")]);
  const options = `username=${jaasText(username)} password=${jaasText(password)}`;
  return { username, password, "sasl.jaas.config": `${LOGIN_MODULE} required ${options};` };
}

/** A text as Kafka reads it back from `sasl.jaas.config`, whose words are those of java.io.StreamTokenizer. */
export function jaasText(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
