import { fromInstanceMetadata } from "@smithy/credential-provider-imds";

const CALL_TIMEOUT_MILLIS = 20_000;

/**
 * How every client of AWS on a node is configured: by the machine's own role and nothing else, so that no key of a
 * file or a variable is looked for, and with bounds on every wait.
 */
export function machineClient() {
  return {
    credentials: fromInstanceMetadata({ timeout: 2_000, maxRetries: 3, ec2MetadataV1Disabled: true }),
    maxAttempts: 3,
    // The second is of silence, so that a large part may take its time.
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  };
}

/** Bounds a whole call, tries included. */
export function bounded(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MILLIS) };
}
