import { createWriteStream } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import { EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from "undici";
import { explain, Problem } from "./problem";
import type { TaskProgress } from "./progress";

export interface DownloadOptions {
  /** How often a cut or refused connection is tried again; default 5. */
  readonly retries?: number;
  /** Milliseconds before the first repetition, doubled each time; default 1000. */
  readonly backoffMillis?: number;
  /** Milliseconds without a byte after which the connection counts as dead; default 30,000. */
  readonly idleMillis?: number;
}

const DEFAULTS = { retries: 5, backoffMillis: 1000, idleMillis: 30_000 };
const MOST_BYTES_OF_SMALL_FILE = 10 * 1024 * 1024;

/** Not worth another try. */
class Refused extends Problem {}

/**
 * Downloads over HTTP: follows redirects, goes on where a cut download stopped, tries again, and passes
 * through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`).
 */
export class Downloader {
  private readonly options: Required<DownloadOptions>;
  private readonly dispatcher: Dispatcher;

  public constructor(options: DownloadOptions = {}) {
    this.options = { ...DEFAULTS, ...options };
    const { idleMillis } = this.options;
    this.dispatcher = new EnvHttpProxyAgent({ headersTimeout: idleMillis, bodyTimeout: idleMillis });
  }

  /** A small file, such as a checksum or a signature. */
  public async bytes(url: string, progress: TaskProgress): Promise<Buffer> {
    return this.repeatedly(url, progress, async () => {
      const response = await this.request(url, {});
      if (response.status !== 200) throw refusal(url, response.status);
      const bytes = Buffer.from(await response.arrayBuffer());
      if (bytes.length > MOST_BYTES_OF_SMALL_FILE)
        throw new Refused(`${url} is longer than a checksum or a signature can be`);
      return bytes;
    });
  }

  /**
   * A file. `partial` is where an incomplete one waits; a later call, also of another process, goes on
   * from there if the server says that the file is still the same.
   */
  public async file(url: string, target: string, partial: string, progress: TaskProgress): Promise<void> {
    await this.repeatedly(url, progress, (attempt) => this.attemptFile(url, partial, progress, attempt));
    await rename(partial, target);
    await rm(validatorFile(partial), { force: true });
  }

  private async attemptFile(url: string, partial: string, progress: TaskProgress, attempt: number): Promise<void> {
    const begun = await resumable(partial);
    // What a repetition is for stands there already.
    if (attempt === 0) progress.note(begun ? "resuming" : "downloading");
    const response = await this.request(
      url,
      begun ? { range: `bytes=${begun.bytes}-`, "if-range": begun.validator } : {},
    );
    if (response.status === 416) {
      // What is here is not a beginning of what is there.
      await response.body?.cancel();
      await rm(partial, { force: true });
      throw new Error(`${url} does not have the part that was asked for`);
    }
    if (response.status !== 200 && response.status !== 206) throw refusal(url, response.status);
    const start = response.status === 206 ? startOfRange(response, begun?.bytes ?? 0) : 0;
    const length = Number(response.headers.get("content-length") ?? NaN);
    const expected = Number.isSafeInteger(length) ? start + length : undefined;
    if (expected !== undefined) progress.total(expected);
    await rememberValidator(partial, response);
    const written = await write(response, partial, start, progress);
    if (expected !== undefined && written !== expected) {
      throw new Error(`the connection ended after ${written} of ${expected} bytes`);
    }
  }

  private async request(url: string, headers: Record<string, string>): Promise<Response> {
    // An encoding would make lengths and ranges mean something else than bytes of the file.
    const response = await fetch(url, {
      headers: { ...headers, "accept-encoding": "identity" },
      dispatcher: this.dispatcher,
      redirect: "follow",
    });
    if (url.startsWith("https:") && !response.url.startsWith("https:")) {
      throw new Refused(`${url} leads to ${response.url}, which is not encrypted`);
    }
    return response;
  }

  private async repeatedly<T>(url: string, progress: TaskProgress, work: (attempt: number) => Promise<T>): Promise<T> {
    const { retries, backoffMillis } = this.options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await work(attempt);
      } catch (failure) {
        if (failure instanceof Refused || isLocal(failure)) throw failure;
        if (attempt >= retries) {
          throw new Problem(
            `${url} could not be downloaded in ${attempt + 1} attempts (${explain(failure)}): check the network, and HTTPS_PROXY where one leads out, and run the command again, which goes on where it stopped, or use --origin package-registries where only these are reached`,
            { cause: failure },
          );
        }
        progress.note(`try ${attempt + 2} of ${retries + 1}: ${explain(failure)}`);
      }
      await delay(backoffMillis * 2 ** attempt);
    }
  }
}

/** Trouble of this machine, which another attempt does not mend. */
function isLocal(failure: unknown): boolean {
  return ["ENOSPC", "EACCES", "EROFS", "EDQUOT"].includes((failure as NodeJS.ErrnoException).code ?? "");
}

function refusal(url: string, status: number): Error {
  const text = `${url} answered ${status}`;
  // Too many requests and troubles of the server pass; a file that is not there does not come.
  return status === 408 || status === 429 || status >= 500
    ? new Error(text)
    : new Refused(`${text}: the file is not there or not for us, so update cdktf-flink or check the proxy`);
}

function startOfRange(response: Response, asked: number): number {
  const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (start === undefined || Number(start) !== asked) {
    throw new Error(`the server sent the range ${response.headers.get("content-range")} instead of ${asked}-`);
  }
  return asked;
}

async function write(response: Response, file: string, start: number, progress: TaskProgress): Promise<number> {
  let written = start;
  if (!response.body) throw new Error("the answer has no body");
  await pipeline(
    response.body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        written += chunk.byteLength;
        progress.at(written);
        yield chunk;
      }
    },
    createWriteStream(file, { flags: start > 0 ? "r+" : "w", start }),
  );
  return written;
}

function validatorFile(partial: string): string {
  return `${partial}.validator`;
}

/** A beginning that the server can recognize: without an ETag or a date, none is continued. */
async function resumable(partial: string): Promise<{ bytes: number; validator: string } | undefined> {
  try {
    const [{ size }, validator] = await Promise.all([stat(partial), readFile(validatorFile(partial), "utf8")]);
    return size > 0 && validator ? { bytes: size, validator } : undefined;
  } catch {
    return undefined;
  }
}

async function rememberValidator(partial: string, response: Response): Promise<void> {
  const etag = response.headers.get("etag");
  // A weak ETag says nothing of single bytes.
  const validator = etag && !etag.startsWith("W/") ? etag : response.headers.get("last-modified");
  if (validator) await writeFile(validatorFile(partial), validator);
  else await rm(validatorFile(partial), { force: true });
}
