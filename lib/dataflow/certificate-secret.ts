/** A secret of AWS Secrets Manager with a certificate by which jobs are known to a system, and its private key. */
export interface CertificateSecret {
  /**
   * Full ARN of the secret, with the six characters that Secrets Manager adds to its name. Of the account and region that
   * the stack is deployed to. Its value is a JSON object with two texts in PEM: `certificate`, which is the client's own
   * and after it those of the authorities between it and one that the system trusts, and `privateKey`, of RSA or of the
   * curves P-256, P-384 or P-521, not encrypted. Other members of it are left alone. Nodes look at what it holds, and say
   * in `cdktf-flink status` where it cannot be used, or ends within 7 days.
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
