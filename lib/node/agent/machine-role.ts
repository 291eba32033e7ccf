import { fromInstanceMetadata } from "@smithy/credential-provider-imds";

/** The machine's own role and nothing else: no key of a file or a variable is looked for. */
export function machineRole(): ReturnType<typeof fromInstanceMetadata> {
  return fromInstanceMetadata({ timeout: 2_000, maxRetries: 3, ec2MetadataV1Disabled: true });
}
