import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { AwsJsonAnswer, callAwsJson } from "../../../core/aws-json-call";
import type { CloudWatchLogDestinationSpec } from "../../logs/log-shipping";
import { connectionProblem } from "../connection-problem";
import type { Destination } from "../destination";
import type { LogEntry } from "../log-document";
import { NotDelivered } from "../not-delivered";
import { OutOfTime, within } from "../within";
import { batchesOf, LogEvent } from "./log-events";

const SERVICE = "logs";
const API = "Logs_20140328";
const TIMEOUT_SECONDS = 30;

/**
 * Amazon CloudWatch Logs, of which two calls are used: one stream for each kind of program of a node.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export class CloudWatchDestination implements Destination {
  public constructor(
    private readonly spec: CloudWatchLogDestinationSpec,
    private readonly node: string,
    private readonly credentials: Provider<AwsCredentialIdentity>,
  ) {}

  public async write(entries: readonly LogEntry[], signal: AbortSignal): Promise<number> {
    let rejected = 0;
    for (const [stream, ofStream] of this.byStream(entries)) {
      for (const batch of batchesOf(ofStream)) rejected += await this.put(stream, batch, signal);
    }
    return rejected;
  }

  private async put(logStreamName: string, logEvents: readonly LogEvent[], signal: AbortSignal): Promise<number> {
    const parameters = { logGroupName: this.spec.logGroupName, logStreamName, logEvents };
    let answer = await this.call("PutLogEvents", parameters, signal);
    if (answer.code === "ResourceNotFoundException") {
      await this.createStream(logStreamName, signal);
      answer = await this.call("PutLogEvents", parameters, signal);
    }
    if (answer.code === "DataAlreadyAcceptedException") return 0;
    if (answer.status !== 200 || !answer.body) throw this.notDelivered(answer, logStreamName);
    return rejectedOf(answer.body.rejectedLogEventsInfo, logEvents.length);
  }

  private async createStream(logStreamName: string, signal: AbortSignal): Promise<void> {
    const parameters = { logGroupName: this.spec.logGroupName, logStreamName };
    const answer = await this.call("CreateLogStream", parameters, signal);
    const isThere = answer.status === 200 || answer.code === "ResourceAlreadyExistsException";
    if (!isThere) throw this.notDelivered(answer, logStreamName);
  }

  private async call(action: string, parameters: object, signal: AbortSignal): Promise<AwsJsonAnswer> {
    const { endpoint, region } = this.spec;
    const { credentials } = this;
    const call = { service: SERVICE, region, endpoint, target: `${API}.${action}`, parameters, credentials };
    try {
      return await within(TIMEOUT_SECONDS, signal, (bounded) => callAwsJson({ ...call, signal: bounded }));
    } catch (error) {
      if (error instanceof NotDelivered) throw error;
      const isLate = error instanceof OutOfTime;
      const attempt = { url: new URL(endpoint), ...(isLate && { timeoutSeconds: TIMEOUT_SECONDS }) };
      // What `fetch` throws has what happened as its cause.
      throw new NotDelivered(connectionProblem((error as Error).cause ?? error, attempt), { cause: error });
    }
  }

  private notDelivered({ status, code, message }: AwsJsonAnswer, stream: string): NotDelivered {
    const { logGroupName } = this.spec;
    if (code === "AccessDeniedException") {
      return new NotDelivered(`the logs role may not write to log group ${logGroupName}: ${message ?? code}`);
    }
    if (code === "ResourceNotFoundException") return new NotDelivered(`log group ${logGroupName} is not there`);
    const said = [code, message].filter((each) => each !== undefined).join(": ");
    return new NotDelivered(
      `CloudWatch Logs does not take lines of ${stream} in log group ${logGroupName}: ${said || `HTTP ${status}`}`,
    );
  }

  private byStream(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
    const found = new Map<string, LogEntry[]>();
    for (const entry of entries) {
      const stream = `${this.node}/${entry.role ?? "system"}`;
      const ofStream = found.get(stream);
      if (ofStream) ofStream.push(entry);
      else found.set(stream, [entry]);
    }
    return found;
  }
}

/**
 * How many of a batch are too old or too new: the batch is in order of time, so that each kind is at one of its ends. The
 * numbers are indices: too old and expired are those before one, too new those from one.
 */
function rejectedOf(info: unknown, count: number): number {
  const { tooOldLogEventEndIndex, expiredLogEventEndIndex, tooNewLogEventStartIndex } = (info ?? {}) as Readonly<
    Record<string, number | undefined>
  >;
  const old = Math.max(tooOldLogEventEndIndex ?? 0, expiredLogEventEndIndex ?? 0);
  return Math.min(count, old) + Math.max(0, count - (tooNewLogEventStartIndex ?? count));
}
