import { Readable } from "stream";
import type { ObjectStore, OpenObject, SharedObjects } from "../../../lib/node/agent/object-store";
import type { StoredObject } from "../../../lib/node/stored-object";

interface MemoryObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly versionId: string;
  readonly writtenAt: number;
}

/** The write was done, and whoever asked for it does not know. */
export class LostAnswer extends Error {}

/** A bucket in memory, with ETags, versions and S3's conditional writes. */
export class MemoryObjects implements ObjectStore, SharedObjects {
  private readonly objects = new Map<string, MemoryObject>();
  private writes = 0;

  /** Milliseconds. */
  public clock: () => number = () => 0;

  /** Called before each call: to hold it up, or to let it fail. */
  public before: () => Promise<void> = () => Promise.resolve();

  /** Whether the answer to a write of this number gets lost. */
  public loses: (write: number) => boolean = () => false;
  private sharedWrites = 0;

  public get(key: string): string | undefined {
    return this.objects.get(key)?.bytes.toString();
  }

  public put(key: string, content: string): string {
    const etag = `"${++this.writes}"`;
    this.objects.set(key, { bytes: Buffer.from(content), etag, versionId: `v${this.writes}`, writtenAt: this.clock() });
    return etag;
  }

  public remove(key: string): void {
    this.objects.delete(key);
  }

  public keys(prefix: string): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix));
  }

  public async currentVersion(_bucket: string, key: string): Promise<string> {
    await this.before();
    return this.existing(key).versionId;
  }

  public async open(_bucket: string, key: string): Promise<OpenObject> {
    await this.before();
    const { bytes, versionId } = this.existing(key);
    return { body: Readable.from([bytes]), resumed: false, versionId };
  }

  public async read(_bucket: string, key: string): Promise<StoredObject | undefined> {
    await this.before();
    const found = this.objects.get(key);
    return found && { bytes: found.bytes, etag: found.etag, ageSeconds: (this.clock() - found.writtenAt) / 1000 };
  }

  public async write(_bucket: string, key: string, content: string): Promise<void> {
    await this.before();
    this.put(key, content);
    this.answer();
  }

  public async replace(_bucket: string, key: string, content: string, etag?: string): Promise<string | undefined> {
    await this.before();
    const written = this.objects.get(key)?.etag === etag ? this.put(key, content) : undefined;
    this.answer();
    return written;
  }

  private answer(): void {
    if (this.loses(++this.sharedWrites)) throw new LostAnswer("the connection broke off");
  }

  private existing(key: string): MemoryObject {
    const found = this.objects.get(key);
    if (!found) throw new Error(`there is no ${key}`);
    return found;
  }
}
