import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, RequestSigner } from "@smithy/types";
import { Sha256 } from "../../../core/aws-json-call";
import { Patience, withPatience } from "../function/patience";
import { NOT_REACHED, ProvisioningProblem } from "../function/problem";
import type { DomainRequest } from "./domain-request";

const SESSION_NAME = "cdktf-flink-deploy";
/** As short as STS gives them: the function itself ends before that. */
const SESSION_SECONDS = 900;
const PATIENCE_MILLIS = 10_000;
/** Of STS: who may take a role takes some seconds to hold everywhere. */
const NOT_ALLOWED_YET = "AccessDenied";

/** Signs requests as the domain's administrator, a role that this function takes for them. */
export async function signAsAdministrator(
  { region, stsEndpoint, administratorRoleArn }: DomainRequest,
  own: AwsCredentialIdentity,
  patience: Patience,
): Promise<RequestSigner> {
  const credentials = await withPatience(patience, isPassing, () =>
    takeRole(administratorRoleArn, new STSClient({ ...BOUNDS, region, endpoint: stsEndpoint, credentials: own })),
  );
  return new SignatureV4({ service: "es", region, credentials, sha256: Sha256 });
}

/** Tries are our own. */
const BOUNDS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: PATIENCE_MILLIS, throwOnRequestTimeout: true },
};

async function takeRole(roleArn: string, sts: STSClient): Promise<AwsCredentialIdentity> {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: SESSION_NAME,
    DurationSeconds: SESSION_SECONDS,
  });
  const { Credentials: given } = await sts.send(command).catch((failure: Error & { readonly $metadata?: object }) => {
    // Of what was answered there is a status.
    const isAnswer = (failure.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode;
    throw new ProvisioningProblem(
      `the role ${roleArn} of the domain's administrator is not given: ${failure.message || failure.name}`,
      isAnswer === undefined ? NOT_REACHED : failure.name,
    );
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) {
    throw new ProvisioningProblem(`the role ${roleArn} of the domain's administrator is given without credentials`);
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}

function isPassing(failure: unknown): boolean {
  const { code } = failure as Partial<ProvisioningProblem>;
  return code === NOT_ALLOWED_YET || code === NOT_REACHED;
}
