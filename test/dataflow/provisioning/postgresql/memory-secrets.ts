import type { SecretStore } from "../../../../lib/dataflow/provisioning/function/secret-store";

/** Secrets that tests see into. */
export class MemorySecrets implements SecretStore {
  public readonly texts = new Map<string, string>();
  public readonly written: string[] = [];
  /** Thrown by the next readings, one each. */
  public readonly refusals: Error[] = [];
  /** The same of one secret alone. */
  public readonly refusalsOf = new Map<string, Error[]>();
  /** Thrown by the next writings, one each. */
  public readonly writeRefusals: Error[] = [];

  public async read(secretArn: string): Promise<string | undefined> {
    const refusal = this.refusals.shift() ?? this.refusalsOf.get(secretArn)?.shift();
    if (refusal) throw refusal;
    return this.texts.get(secretArn);
  }

  public async write(secretArn: string, text: string): Promise<void> {
    const refusal = this.writeRefusals.shift();
    if (refusal) throw refusal;
    this.written.push(secretArn);
    this.texts.set(secretArn, text);
  }
}
