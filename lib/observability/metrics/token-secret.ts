/** A secret of AWS Secrets Manager with a token. */
export interface TokenSecret {
  /**
   * Full ARN of the secret, with the six characters that Secrets Manager adds to its name. Of the account and region that the
   * stack is deployed to. Its value is a JSON object with the text `token`; other members of it are left alone.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
   */
  readonly secretArn: string;
  /**
   * ARN of the KMS key (not of an alias) that encrypts the secret. Its policy must leave it to the account's own policies
   * who may use it (docs/keys.md).
   *
   * @default - the secret is encrypted by the key that Secrets Manager has in every account
   */
  readonly encryptionKeyArn?: string;
}
