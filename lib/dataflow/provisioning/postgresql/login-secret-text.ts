import { randomBytes } from "node:crypto";
import { ProvisioningProblem } from "../function/problem";

/** Name and password of a user, as the nodes of Flink read them from a secret. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** 256 bits, which nobody guesses, of letters, digits, `-` and `_`, which nobody has to quote. */
const PASSWORD_BYTES = 32;

export function newLogin(username: string): Login {
  return { username, password: randomBytes(PASSWORD_BYTES).toString("base64url") };
}

/** Others are written in more than one way, and what one of them verifies, another does not meet. */
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** Reads what a secret holds; the parser's own words would quote it. */
export function parseLogin(secretArn: string, text: string): Login {
  const { username, password } = parseObject(text);
  if (typeof username === "string" && typeof password === "string" && username !== "" && password !== "") {
    if (PRINTABLE_ASCII.test(password)) return { username, password };
    throw new ProvisioningProblem(
      `the password in the secret ${secretArn} holds characters beside letters, digits and signs of ASCII: store another one`,
    );
  }
  throw new ProvisioningProblem(
    `the secret ${secretArn} is no JSON object with the texts username and password: store it as {"username": "…", "password": "…"}`,
  );
}

function parseObject(text: string): Partial<Record<keyof Login, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Record<keyof Login, unknown>>;
  } catch {
    return {};
  }
}
