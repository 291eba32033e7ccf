/** Credentials of a role, as the agent serves them on loopback: to whoever can read the token, in the words of AWS's SDKs. */
export interface ServedCredentials {
  /** Path of the one thing that is served at their port. */
  readonly path: string;
  /** What a caller shows; one group may read it. */
  readonly tokenFile: string;
}

/** The variable of AWS's SDKs that holds the token itself. */
export const TOKEN_VARIABLE = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/** What AWS's SDKs in a process find in its environment. */
export function credentialsEnvironment(
  { path, tokenFile }: ServedCredentials,
  port: number,
): Readonly<Record<string, string>> {
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}${path}`,
    [`${TOKEN_VARIABLE}_FILE`]: tokenFile,
    // It would be refused: without this a client tries it for seconds before it says what is wrong.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
