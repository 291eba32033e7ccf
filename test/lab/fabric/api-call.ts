import { IncomingMessage } from "http";
import type { TLSSocket } from "tls";
import type { Decision } from "../judge/decision";

/** One call of an AWS API as the front sees it: what a judge decides on and the log holds. */
export interface ApiCall {
  /** Address it came from. */
  readonly from: string;
  /** Address it came to: which endpoint it took. */
  readonly to?: string;
  readonly tls: boolean;
  /** Name it was sent to. */
  readonly host: string;
  readonly method: string;
  /** With its query, as it was sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Such as `s3` or `ec2`: from the signature, else from the name. */
  readonly service: string;
  /** Where the protocol names it (EC2, STS, KMS …); for S3 and the like the method. */
  readonly action: string;
  /** Of the signature; absent for an anonymous call. */
  readonly accessKeyId?: string;
  /** Of small calls that name their action in it. */
  readonly body?: Buffer;
}

/** Decides whether a call may go on. */
export type Judge = (call: ApiCall) => Verdict | Promise<Verdict>;

export interface Verdict {
  readonly allowed: boolean;
  /** Which statement, or the lack of one, decided: part of the log and of the answer. */
  readonly reason: string;
  /** What is refused as: `AccessDenied` where nothing is said. */
  readonly code?: string;
  /** Who called, for the log. */
  readonly principal?: string;
  /** Who called, as IAM knows it as `aws:userid`; absent for the administrator. */
  readonly userId?: string;
  /** The ARN of the caller's session; absent for the administrator. */
  readonly callerArn?: string;
  /** What was decided about each thing that the call needs leave for, for the log. */
  readonly decisions?: readonly Decision[];
  /** Told the body of a good answer before the caller has it. */
  readonly learn?: (answer: Buffer) => void;
  /** Told that there is an answer, before the caller has it. */
  readonly answered?: () => void;
  /** Whether the caller may know that the thing is not there. */
  readonly ifMissing?: () => Promise<Verdict>;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;
/** DeleteObjects of S3 names the objects in its body. */
const DELETES_MANY = /\?(.*&)?delete(=|&|$)/;
/** Resource Groups names the group in its body. */
const NAMES_ALL_IN_BODY = /^resource-groups\./;
/** Calls that name their action in the body are small; what is longer is data. */
export const LONGEST_ACTION_BODY = 1024 * 1024;

/** Whether the action of a call, or what it is about, stands in its body, which then has to be read first. */
export function actionIsInBody(request: IncomingMessage): boolean {
  const type = request.headers["content-type"] ?? "";
  return (
    request.method === "POST" &&
    (type.startsWith("application/x-www-form-urlencoded") ||
      type.startsWith("application/x-amz-json") ||
      NAMES_ALL_IN_BODY.test(request.headers.host ?? "") ||
      DELETES_MANY.test(request.url ?? "")) &&
    Number(request.headers["content-length"] ?? Infinity) <= LONGEST_ACTION_BODY
  );
}

export function describeCall(request: IncomingMessage, body?: Buffer): ApiCall {
  const host = (request.headers.host ?? "").split(":")[0];
  const path = request.url ?? "/";
  const query = new URLSearchParams(path.split("?")[1] ?? "");
  const presigned = query.get("X-Amz-Credential");
  const credential = CREDENTIAL.exec(presigned ? `Credential=${presigned}` : (request.headers.authorization ?? ""));
  const target = request.headers["x-amz-target"];
  const form = body && new URLSearchParams(body.toString("latin1"));
  return {
    from: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    to: request.socket.localAddress?.replace(/^::ffff:/, ""),
    tls: (request.socket as Partial<TLSSocket>).encrypted === true,
    host,
    method: request.method ?? "GET",
    path,
    headers: request.headers,
    service: credential?.[3] ?? serviceOf(host),
    action:
      (typeof target === "string" ? target.split(".").pop() : undefined) ??
      form?.get("Action") ??
      query.get("Action") ??
      request.method ??
      "GET",
    accessKeyId: credential?.[1],
    body,
  };
}

/** `bucket.s3.region.amazonaws.com` is s3, `iam.amazonaws.com` is iam. */
function serviceOf(host: string): string {
  const labels = host.replace(/\.amazonaws\.com(\.cn)?$/, "").split(".");
  return labels.includes("s3") ? "s3" : labels[0];
}
