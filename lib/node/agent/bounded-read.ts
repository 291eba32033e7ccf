/** Reads a stream whole; fails, and ends the stream, when it has more bytes. `what` begins the message. */
export async function readBounded(stream: AsyncIterable<unknown>, largestBytes: number, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // To leave the loop is to end the stream.
    if (size > largestBytes) throw new Error(`${what} has more than ${largestBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
