import { ApiCall, Verdict } from "./api-call";

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What services that speak JSON call what others have another name for. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  ...{ AccessDenied: "AccessDeniedException", ExpiredToken: "ExpiredTokenException" },
};
/** What S3 answers with 400; all else is 403 (Amazon S3 API Reference, "Error responses"). */
const BAD_REQUESTS = ["ExpiredToken", "AuthorizationHeaderMalformed"];

/** How each kind of service says no, so that clients find the code where they look for it. */
export function refusal(call: ApiCall, { reason, code = "AccessDenied" }: Verdict): Refusal {
  if (typeof call.headers["x-amz-target"] === "string") {
    const name = EXCEPTIONS[code] ?? code;
    return {
      ...{ status: 400, type: "application/x-amz-json-1.1" },
      body: JSON.stringify({ __type: name, message: reason }),
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

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
