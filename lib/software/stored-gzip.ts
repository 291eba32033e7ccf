import { Transform, type TransformCallback } from "node:stream";
import { crc32 } from "node:zlib";

/** The largest block that deflate can store. */
const BLOCK = 65_535;
/** No name, no time, unknown system: nothing that differs between two runs. */
const HEADER = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff]);
const FINAL_BLOCK = 1;

/**
 * A gzip stream whose bytes follow from its content alone. What a compressor gives differs with its
 * version and the processor, and would change the hash of the same part from one machine to the next;
 * so the content is stored. It is mostly jars, which do not compress again.
 */
export class StoredGzip extends Transform {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private checksum = 0;
  private total = 0;

  public constructor() {
    super();
    this.push(HEADER);
  }

  public override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.checksum = crc32(chunk, this.checksum);
    this.total += chunk.length;
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
    if (this.pendingBytes > BLOCK) {
      const bytes = Buffer.concat(this.pending);
      let start = 0;
      // The last block is held back, since it alone is marked as final.
      for (; bytes.length - start > BLOCK; start += BLOCK) this.pushBlock(bytes.subarray(start, start + BLOCK), 0);
      this.pending = [bytes.subarray(start)];
      this.pendingBytes = bytes.length - start;
    }
    done();
  }

  public override _flush(done: TransformCallback): void {
    this.pushBlock(Buffer.concat(this.pending), FINAL_BLOCK);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.checksum >>> 0, 0);
    trailer.writeUInt32LE(this.total % 2 ** 32, 4);
    this.push(trailer);
    done();
  }

  private pushBlock(bytes: Buffer, final: number): void {
    const header = Buffer.alloc(5);
    header.writeUInt8(final, 0);
    header.writeUInt16LE(bytes.length, 1);
    header.writeUInt16LE(bytes.length ^ 0xffff, 3);
    this.push(header);
    this.push(bytes);
  }
}
