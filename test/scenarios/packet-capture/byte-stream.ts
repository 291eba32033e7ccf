/** Who is given the bytes of one direction of a connection in their order. */
export interface ByteSink {
  /** The next bytes, as the sender put them into one packet. */
  bytes(part: Buffer): void;
  /** So many bytes were never seen. */
  gap(length: number): void;
}

/** What waits for earlier bytes; beyond it, those are held for lost. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const WRAP = 2 ** 32;

/**
 * One direction of a TCP connection put together: in order, each byte once, however often and in whichever order
 * its packets were seen. (Each packet between two machines is seen on both links.)
 */
export class ByteStream {
  private next: number | undefined;
  private waiting: { readonly sequence: number; readonly payload: Buffer; readonly length: number }[] = [];
  private waitingBytes = 0;

  public constructor(private readonly sink: ByteSink) {}

  /** The first byte will have this number: the beginning of the connection was seen. */
  public begin(sequence: number): void {
    this.next ??= sequence % WRAP;
  }

  /** `length` is what was on the wire, which may be more than was captured. */
  public add(sequence: number, payload: Buffer, length: number): void {
    if (length <= 0) return;
    this.next ??= sequence;
    if (this.ahead(sequence) > 0) {
      this.waiting.push({ sequence, payload: Buffer.from(payload), length });
      this.waitingBytes += payload.length;
      if (this.waitingBytes > MAX_WAITING_BYTES) this.skipToWaiting();
      return;
    }
    this.take(sequence, payload, length);
    this.takeWaiting();
  }

  /** No more packets will come. */
  public end(): void {
    while (this.waiting.length > 0) this.skipToWaiting();
  }

  /** How far a number lies ahead of what is due; negative for what was there before. */
  private ahead(sequence: number): number {
    const distance = (sequence - (this.next as number) + WRAP) % WRAP;
    return distance < WRAP / 2 ? distance : distance - WRAP;
  }

  private take(sequence: number, payload: Buffer, length: number): void {
    const old = -this.ahead(sequence);
    if (old >= length) return;
    if (old < payload.length) this.sink.bytes(payload.subarray(old));
    const missing = length - Math.max(old, payload.length);
    if (missing > 0) this.sink.gap(missing);
    this.next = (sequence + length) % WRAP;
  }

  private takeWaiting(): void {
    for (;;) {
      const index = this.waiting.findIndex(({ sequence }) => this.ahead(sequence) <= 0);
      if (index < 0) return;
      const [{ sequence, payload, length }] = this.waiting.splice(index, 1);
      this.waitingBytes -= payload.length;
      this.take(sequence, payload, length);
    }
  }

  private skipToWaiting(): void {
    const distance = Math.min(...this.waiting.map(({ sequence }) => this.ahead(sequence)));
    this.sink.gap(distance);
    this.next = ((this.next as number) + distance) % WRAP;
    this.takeWaiting();
  }
}
