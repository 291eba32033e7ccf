import { callEmulator, PlainCaller } from "./plain-call";

/** What AWS Lambda says of a call of a function. */
export interface InvocationAnswer {
  /** Whether the function threw. */
  readonly failed: boolean;
  /** What it returned, or its error. */
  readonly payload: unknown;
}

/** AWS Lambda of the emulator, as its administrator. */
export class Lambda {
  public constructor(private readonly caller: PlainCaller) {}

  /** Calls a function and waits for its answer; `payload` is JSON. */
  public async invoke(functionName: string, payload: string): Promise<InvocationAnswer> {
    const { status, headers, text } = await callEmulator(this.caller, {
      service: "lambda",
      path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
      headers: { "content-type": "application/json" },
      body: payload,
    });
    if (status !== 200) throw new Error(`Invoke of ${functionName} was answered ${status}: ${text}`);
    return { failed: headers["x-amz-function-error"] !== undefined, payload: JSON.parse(text) as unknown };
  }
}
