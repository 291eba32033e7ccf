import { JSONParser } from "@streamparser/json";
import { CollectedRecord, readRecord } from "./collected-record";

/** Where records lie in a request of OTLP. */
const RECORDS = "$.resourceLogs.*.scopeLogs.*.logRecords.*";

/** How much is in memory at once. */
export interface StreamBounds {
  /** Records are handed on when so many bytes of the request have been read since the last time. */
  readonly portionBytes: number;
  /** Nothing that is longer is one record. */
  readonly recordBytes: number;
}

const BOUNDS: StreamBounds = { portionBytes: 256 << 10, recordBytes: 16 << 20 };

/** A request is not what the collector sends: to send it again is of no use. */
export class MalformedRequest extends Error {}

/**
 * Records of a request of OTLP in JSON, in portions and as they come: a hundred lines may be of a hundred bytes or of a
 * megabyte each, and the memory for them is the same.
 */
export async function* recordsOf(
  body: AsyncIterable<unknown>,
  { portionBytes, recordBytes }: StreamBounds = BOUNDS,
): AsyncGenerator<CollectedRecord[], void, undefined> {
  let portion: CollectedRecord[] = [];
  let [bytes, bytesSinceRecord] = [0, 0];
  const parser = new JSONParser({ paths: [RECORDS], keepStack: false });
  parser.onValue = ({ value }) => {
    portion.push(readRecord(value));
    bytesSinceRecord = 0;
  };
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    bytesSinceRecord += chunk.length;
    parse(() => parser.write(chunk));
    if (bytesSinceRecord > recordBytes) throw new MalformedRequest(`a record has more than ${recordBytes} bytes`);
    if (bytes < portionBytes || portion.length === 0) continue;
    yield portion;
    [portion, bytes] = [[], 0];
  }
  if (!parser.isEnded) parse(() => parser.end());
  if (portion.length > 0) yield portion;
}

function parse(act: () => void): void {
  try {
    act();
  } catch (error) {
    // What the parser says may show what it read.
    throw new MalformedRequest("it is no JSON of OTLP", { cause: error });
  }
}
