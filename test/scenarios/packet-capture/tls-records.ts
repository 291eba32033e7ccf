import { ByteSink } from "./byte-stream";

/** Types of a record (RFC 5246, 6.2.1). */
const CHANGE_CIPHER_SPEC = 20;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEADER_LENGTH = 5;
/** TLSCiphertext.length (RFC 5246, 6.2.3). */
const MAX_RECORD_LENGTH = 2 ** 14 + 2048;
const MAX_HANDSHAKE_BYTES = 256 * 1024;
const SAMPLE_LENGTH = 60;

/** One message of a handshake that is not encrypted yet. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
}

/**
 * Reads one direction of a connection as TLS, record by record to its end. One byte that belongs to no record makes
 * it plain text, at whatever point of the connection. Where its beginning, or a part of it, was not seen, it goes on
 * with the next packet that begins with a record, and counts what it had to leave out.
 */
export class TlsRecords implements ByteSink {
  /** Bytes that were seen. */
  public seen = 0;
  /** Of those, the ones that are known to be part of a record. */
  public recognised = 0;
  /** Bytes that were not captured. */
  public lost = 0;
  public applicationRecords = 0;
  /** The first bytes that belong to no record, printable; undefined while all do. */
  public plainText: string | undefined;

  private unfinished: Buffer = Buffer.alloc(0);
  private leftOfRecord = 0;
  private recordType = 0;
  private isEncrypted: boolean;
  private readonly handshake: Buffer[] = [];
  private handshakeBytes = 0;
  /** The first of what was left out. */
  private leftOut: Buffer | undefined;

  /** @param isAtRecord whether the beginning of the connection was seen */
  public constructor(private isAtRecord: boolean) {
    this.isEncrypted = !isAtRecord;
  }

  public bytes(part: Buffer): void {
    this.seen += part.length;
    if (this.plainText !== undefined) return;
    if (!this.isAtRecord) {
      if (!isHeader(part)) {
        this.leftOut ??= Buffer.from(part.subarray(0, SAMPLE_LENGTH));
        return;
      }
      this.isAtRecord = true;
    }
    this.read(part);
  }

  public gap(length: number): void {
    this.lost += length;
    this.unfinished = Buffer.alloc(0);
    this.leftOfRecord = 0;
    this.isAtRecord = false;
    this.isEncrypted = true;
  }

  /** Whether nothing that was seen speaks against TLS, and something for it. */
  public get isTls(): boolean {
    return this.plainText === undefined && this.recognised > 0;
  }

  /** What shows that it is not TLS: plain text, or nothing that could be recognised. */
  public get sample(): string | undefined {
    if (this.plainText !== undefined) return this.plainText;
    if (this.seen + this.lost === 0 || this.isTls) return undefined;
    return this.seen === 0 ? "(not captured)" : printable(this.leftOut ?? this.unfinished);
  }

  /** Messages of the handshake up to where encryption begins. */
  public messages(): HandshakeMessage[] {
    const all = Buffer.concat(this.handshake);
    const messages: HandshakeMessage[] = [];
    for (let at = 0; at + 4 <= all.length;) {
      const end = at + 4 + all.readUIntBE(at + 1, 3);
      if (end > all.length) break;
      messages.push({ type: all[at], body: all.subarray(at + 4, end) });
      at = end;
    }
    return messages;
  }

  private read(part: Buffer): void {
    let rest = part;
    while (rest.length > 0) {
      if (this.leftOfRecord === 0) {
        const header = Buffer.concat([this.unfinished, rest.subarray(0, HEADER_LENGTH - this.unfinished.length)]);
        rest = rest.subarray(header.length - this.unfinished.length);
        this.unfinished = header;
        if (!couldBeHeader(header)) {
          this.plainText = printable(Buffer.concat([header, rest.subarray(0, SAMPLE_LENGTH)]));
          return;
        }
        if (header.length < HEADER_LENGTH) return;
        this.begin(header);
      }
      const body = rest.subarray(0, this.leftOfRecord);
      this.collect(body);
      this.recognised += body.length;
      this.leftOfRecord -= body.length;
      rest = rest.subarray(body.length);
    }
  }

  private begin(header: Buffer): void {
    this.unfinished = Buffer.alloc(0);
    this.recordType = header[0];
    this.leftOfRecord = header.readUInt16BE(3);
    this.recognised += HEADER_LENGTH;
    if (this.recordType === CHANGE_CIPHER_SPEC) this.isEncrypted = true;
    if (this.recordType === APPLICATION_DATA) this.applicationRecords++;
  }

  private collect(body: Buffer): void {
    if (this.recordType !== HANDSHAKE || this.isEncrypted || this.handshakeBytes > MAX_HANDSHAKE_BYTES) return;
    this.handshake.push(Buffer.from(body));
    this.handshakeBytes += body.length;
  }
}

function isHeader(bytes: Buffer): boolean {
  return bytes.length >= HEADER_LENGTH && couldBeHeader(bytes);
}

/** Whether what there is of five bytes begins a record. */
function couldBeHeader(bytes: Buffer): boolean {
  const [type, major, minor] = bytes;
  if (bytes.length > 0 && (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA)) return false;
  if (bytes.length > 1 && major !== 3) return false;
  if (bytes.length > 2 && (minor < 1 || minor > 3)) return false;
  if (bytes.length < HEADER_LENGTH) return true;
  const length = bytes.readUInt16BE(3);
  return length > 0 && length <= MAX_RECORD_LENGTH;
}

function printable(bytes: Buffer): string {
  return bytes
    .subarray(0, SAMPLE_LENGTH)
    .toString("latin1")
    .replace(/[^\x20-\x7e]/g, ".");
}
