import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { ValidationError } from "../lib/core/validation";

/** The password of a user, from the environment or from whoever sits before the terminal; it never stands in an argument. */
export async function askForPassword(user: string): Promise<string> {
  const { OPENSEARCH_PASSWORD: password } = process.env;
  if (password) return password;
  if (!process.stdin.isTTY) {
    throw new ValidationError(
      `the password of ${user} is not known: set OPENSEARCH_PASSWORD, or run the command on a terminal, which asks for it`,
    );
  }
  process.stderr.write(`Password of ${user}: `);
  // The terminal shows nothing of what is written into it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
