/** A series of Prometheus with samples: milliseconds since 1970, and values. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [millis: number, value: number])[];
}

/** Bytes that one piece without compression may have. */
const LARGEST_PIECE = 65_536;

/**
 * The body of a remote write, version 1; within the format of the compression that it must have, nothing is compressed.
 *
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function remoteWriteBody(series: readonly WrittenSeries[]): Buffer {
  return snappy(Buffer.concat(series.map((each) => lengthDelimited(1, timeSeries(each)))));
}

function timeSeries({ labels, samples }: WrittenSeries): Buffer {
  const names = Object.keys(labels).sort();
  return Buffer.concat([
    ...names.map((name) =>
      lengthDelimited(
        1,
        Buffer.concat([lengthDelimited(1, Buffer.from(name)), lengthDelimited(2, Buffer.from(labels[name]))]),
      ),
    ),
    ...samples.map(([millis, value]) => {
      const double = Buffer.alloc(8);
      double.writeDoubleLE(value);
      return lengthDelimited(2, Buffer.concat([Buffer.from([0x09]), double, Buffer.from([0x10]), varint(millis)]));
    }),
  ]);
}

function lengthDelimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** @see https://github.com/google/snappy/blob/main/format_description.txt */
function snappy(content: Buffer): Buffer {
  const parts = [varint(content.length)];
  for (let at = 0; at < content.length; at += LARGEST_PIECE) {
    const piece = content.subarray(at, at + LARGEST_PIECE);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(piece.length - 1);
    parts.push(Buffer.from([61 << 2]), length, piece);
  }
  return Buffer.concat(parts);
}
