import * as fs from "fs/promises";
import * as path from "path";
import type { ConnectionCredentialSpec } from "../../desired-state";
import { ensureFolder, Owner, readIfThere, writeFileAtomically } from "../files";
import { CREDENTIAL_FORMS } from "./credential-forms";

const FILE_MODE = 0o640;

/** What became of a credential. */
export interface PutCredential {
  /** It is another one than before. */
  readonly isNew: boolean;
  /** Absent where it does not end by itself. */
  readonly goodUntil?: Date;
}

/**
 * The credentials of connections, in files that one group may read. What stands there is all that is remembered of
 * them, so that whoever begins anew goes on from it.
 */
export class CredentialFolder {
  /** The writes follow each other, as connections may share a file. */
  private lastWrite: Promise<unknown> = Promise.resolve();

  public constructor(
    private readonly folder: string,
    private readonly readers: () => Promise<Owner>,
  ) {}

  /** Puts in what a secret holds. */
  public async put(spec: ConnectionCredentialSpec, secret: string): Promise<PutCredential> {
    const { text, goodUntil } = CREDENTIAL_FORMS[spec.kind].render(spec, secret);
    const isNew = await this.inTurn(async () => {
      await ensureFolder(this.folder, 0o750, await this.readers());
      return this.write(spec, new Map(await this.partsBeside(spec)).set(spec.name, text));
    });
    return { isNew, goodUntil };
  }

  /** ARN of the secret of which a connection has a credential; nothing where it has none. */
  public async secretOf(spec: ConnectionCredentialSpec): Promise<string | undefined> {
    const [comment] = (await this.partsBeside(spec)).get(spec.name)?.split("\n", 1) ?? [];
    return comment?.slice(1);
  }

  /** What was read of another secret of a connection stays: jobs may go on with it until the new one could be read. */
  public removeAllBut(specs: readonly ConnectionCredentialSpec[]): Promise<void> {
    return this.inTurn(async () => {
      const files = new Set(specs.map((spec) => this.fileOf(spec)));
      const found = await fs.readdir(this.folder).catch(() => []);
      for (const file of found.map((entry) => path.join(this.folder, entry))) {
        if (!files.has(file)) await fs.rm(file, { recursive: true });
      }
      for (const spec of specs) {
        const beside = specs.filter((one) => this.fileOf(one) === this.fileOf(spec)).map(({ name }) => name);
        const parts = await this.partsBeside(spec);
        const kept = new Map([...parts].filter(([name]) => beside.includes(name)));
        if (kept.size < parts.size) await this.write(spec, kept);
      }
    });
  }

  /** The parts of the file of a connection. */
  private async partsBeside(spec: ConnectionCredentialSpec): Promise<ReadonlyMap<string, string>> {
    const text = (await readIfThere(this.fileOf(spec)))?.toString();
    return text === undefined ? new Map<string, string>() : CREDENTIAL_FORMS[spec.kind].partsOf(spec.name, text);
  }

  private async write(spec: ConnectionCredentialSpec, parts: ReadonlyMap<string, string>): Promise<boolean> {
    const text = [...parts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, part]) => part)
      .join("");
    return writeFileAtomically(this.fileOf(spec), text, FILE_MODE, await this.readers());
  }

  private fileOf({ kind, name }: ConnectionCredentialSpec): string {
    return path.join(this.folder, CREDENTIAL_FORMS[kind].fileName(name));
  }

  private inTurn<T>(write: () => Promise<T>): Promise<T> {
    const done = this.lastWrite.then(write);
    this.lastWrite = done.catch(() => undefined);
    return done;
  }
}
