import { ApiCall, Verdict } from "./api-call";

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What services that speak JSON call what others have another name for. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  ...{ AccessDenied: "AccessDeniedException", ExpiredToken: "ExpiredTokenException" },
};
/** What S3 answers with 400; all else is 403 (Amazon S3 API Reference, "Error responses"). */
const BAD_REQUESTS = ["ExpiredToken", "AuthorizationHeaderMalformed"];

/** The same of EC2 (Amazon EC2 API Reference, "Client error codes"). */
const OF_EC2: Readonly<Record<string, string>> = {
  ...{ AccessDenied: "UnauthorizedOperation", ExpiredToken: "RequestExpired" },
};

/** How each kind of service says no, so that clients find the code where they look for it. */
export function refusal(call: ApiCall, verdict: Verdict): Refusal {
  const { reason, code = "AccessDenied" } = verdict;
  if (call.service === "resource-groups") {
    return {
      ...{ status: 403, type: "application/json", headers: { "x-amzn-errortype": EXCEPTIONS[code] ?? code } },
      body: JSON.stringify({ message: asAwsSays(verdict) }),
    };
  }
  if (call.service === "ec2") {
    const error = `<Code>${OF_EC2[code] ?? code}</Code><Message>${escapeXml(asAwsSays(verdict))}</Message>`;
    const body = `<Response><Errors><Error>${error}</Error></Errors><RequestID>judge</RequestID></Response>`;
    return { status: 403, type: "text/xml", body };
  }
  if (typeof call.headers["x-amz-target"] === "string") {
    const name = EXCEPTIONS[code] ?? code;
    return {
      ...{ status: 400, type: "application/x-amz-json-1.1" },
      body: JSON.stringify({ __type: name, message: call.service === "ssm" ? asAwsSays(verdict) : reason }),
    };
  }
  const error = `<Code>${code}</Code><Message>${escapeXml(reason)}</Message>`;
  return {
    ...{ status: call.service === "s3" && BAD_REQUESTS.includes(code) ? 400 : 403, type: "application/xml" },
    body:
      call.service === "s3"
        ? `<Error>${error}</Error>`
        : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>judge</RequestId></ErrorResponse>`,
  };
}

/** In the words by which people find out what they may not (IAM User Guide, "Troubleshoot access denied error messages"). */
function asAwsSays({ reason, code, callerArn, decisions }: Verdict): string {
  if (code === "ExpiredToken") return "The security token included in the request is expired";
  const no = decisions?.find(({ allowed, layer }) => !allowed && layer === "identity");
  if (!no || callerArn === undefined) return reason;
  const { action, resource } = no;
  return `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
