import { Agent, IncomingHttpHeaders, IncomingMessage, request } from "http";

/** A call of a service for which no client of AWS is among the dependencies. */
export interface PlainCall {
  /** As it is signed for, such as `secretsmanager`. */
  readonly service: string;
  /** Default POST. */
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Who calls the emulator, and how it is reached. */
export interface PlainCaller {
  readonly region: string;
  readonly accessKeyId: string;
  readonly agent: Agent;
}

/** Puts it to the emulator, which checks no signature, but takes the service from its scope. */
export async function callEmulator(
  { region, accessKeyId, agent }: PlainCaller,
  { service, method = "POST", path, headers, body }: PlainCall,
): Promise<PlainAnswer> {
  const host = `${service}.${region}.amazonaws.com`;
  const scope = `${accessKeyId}/20260101/${region}/${service}/aws4_request`;
  const all = {
    ...headers,
    host,
    "content-length": Buffer.byteLength(body),
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request({ agent, host, method, path, headers: all }, resolve);
    call.on("error", reject).end(body);
  });
  let text = "";
  for await (const part of answer.setEncoding("utf8")) text += part as string;
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}
