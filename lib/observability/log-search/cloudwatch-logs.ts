import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { callAwsJson, type AwsJsonAnswer } from "../../core/aws-json-call";
import { printable } from "../../core/printable";
import { filterPattern } from "./cloudwatch-pattern";
import type { FoundLogEntry, LogEntry } from "./log-entry";
import type { LogFilter, TimeSpan } from "./log-filter";
import type { LogSource, NewestLogEntries } from "./log-source";
import { wordsOf } from "./words";

export interface CloudWatchLogGroup {
  readonly logGroupName: string;
  readonly region: string;
  /** Such as `https://logs.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
}

/** What CloudWatch Logs did not do: one sentence. */
export class CloudWatchRefusal extends Error {
  public constructor(
    message: string,
    /** Whether the same call may succeed later. */
    public readonly mayPass: boolean,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
    this.name = "CloudWatchRefusal";
  }
}

interface FilteredEvents {
  readonly events?: readonly { readonly eventId?: string; readonly timestamp?: number; readonly message?: string }[];
  readonly nextToken?: string;
}

const TARGET = "Logs_20140328.FilterLogEvents";
const TIMEOUT_MILLIS = 60_000;

/**
 * Lines in a log group of CloudWatch Logs, by one of its calls. A line that was shipped again is there again: by its id it is
 * shown once.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export class CloudWatchLogs implements LogSource {
  public constructor(private readonly group: CloudWatchLogGroup) {}

  public async *pages(
    filter: LogFilter,
    { since, until }: TimeSpan,
    without: readonly string[] = [],
  ): AsyncGenerator<readonly FoundLogEntry[]> {
    const { text, ...exact } = filter;
    const pattern = filterPattern(exact);
    const matches = text === undefined ? () => true : wordsOf(text);
    const seen = new Set(without);
    let nextToken: string | undefined;
    do {
      const page = await this.ask({
        logGroupName: this.group.logGroupName,
        // Times before 1970 it does not know.
        startTime: Math.max(0, since),
        ...(until === undefined ? {} : { endTime: until + 1 }),
        ...(pattern === undefined ? {} : { filterPattern: pattern }),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const found = (page.events ?? []).map(entryOf).filter(({ id, entry }) => {
        const isNew = !seen.has(id) && matches(entry);
        seen.add(id);
        return isNew;
      });
      if (found.length > 0) yield found.sort((left, right) => left.time - right.time);
      ({ nextToken } = page);
    } while (nextToken !== undefined);
  }

  public async newest(filter: LogFilter, span: TimeSpan, limit: number): Promise<NewestLogEntries> {
    // It knows one order alone: all of the span is read, and no more kept than is shown.
    let entries: readonly FoundLogEntry[] = [];
    let more = false;
    for await (const page of this.pages(filter, span)) {
      const all = [...entries, ...page].sort((left, right) => left.time - right.time);
      more ||= all.length > limit;
      entries = all.slice(-limit);
    }
    return { entries, more };
  }

  private async ask(parameters: object): Promise<FilteredEvents> {
    const { region, endpoint, credentials, logGroupName } = this.group;
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    let answer: AwsJsonAnswer;
    try {
      answer = await callAwsJson({
        service: "logs",
        region,
        endpoint,
        target: TARGET,
        parameters,
        credentials,
        signal,
      });
    } catch (failure) {
      // Without credentials nothing was asked.
      if ((failure as Error).name === "CredentialsProviderError") throw failure;
      const { hostname } = new URL(endpoint);
      throw new CloudWatchRefusal(`CloudWatch Logs at ${hostname} does not answer: check the network`, true, {
        cause: failure,
      });
    }
    if (answer.status === 200 && answer.body !== undefined) return answer.body;
    throw refusal(logGroupName, answer);
  }
}

function refusal(logGroupName: string, { status, code, message }: AwsJsonAnswer): CloudWatchRefusal {
  const said = printable(message ?? code ?? `HTTP ${status}`).replace(/\.$/, "");
  if (code === "AccessDeniedException") {
    return new CloudWatchRefusal(
      `searching the log group ${logGroupName} is not allowed (${said}): use credentials that may do logs:FilterLogEvents`,
      false,
    );
  }
  if (code === "ResourceNotFoundException") {
    return new CloudWatchRefusal(
      `there is no log group ${logGroupName} (${said}): check the region and account`,
      false,
    );
  }
  const mayPass = status >= 500 || code === "ThrottlingException" || code === "ServiceUnavailableException";
  return new CloudWatchRefusal(`searching the log group ${logGroupName} failed: ${said}`, mayPass);
}

/** The document that was shipped; what is none of ours is shown as its message. */
function entryOf({
  eventId = "",
  timestamp = NaN,
  message = "",
}: NonNullable<FilteredEvents["events"]>[number]): FoundLogEntry {
  const { id, ...entry } = documentIn(message);
  return { id: typeof id === "string" ? id : eventId, time: timestamp, entry };
}

function documentIn(message: string): LogEntry {
  try {
    const found: unknown = JSON.parse(message);
    if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as LogEntry;
  } catch {
    // It is a text.
  }
  return { message };
}
