import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Downloader } from "./download";
import { contentOf } from "./part-store";
import { Problem } from "./problem";
import type { TaskProgress } from "./progress";
import type { Signature } from "./software-table";

const run = promisify(execFile);
const GPG_MILLIS = 120_000;

/** How a signature was found: `verified`, or why nobody looked. */
export type Verdict = { readonly verified: true } | { readonly verified: false; readonly why: string };

/** Whether OpenPGP signatures can be checked on this machine. */
export async function hasGpg(): Promise<boolean> {
  return run("gpg", ["--version"], { timeout: GPG_MILLIS }).then(
    () => true,
    () => false,
  );
}

/**
 * Checks who signed a file, in a key ring of its own: the user's is neither read nor changed. A wrong
 * signature is refused; where gpg is missing the checksum alone has to do.
 */
export async function verifySignature(
  file: string,
  signature: Signature,
  downloader: Downloader,
  progress: TaskProgress,
): Promise<Verdict> {
  if (signature.kind === "none") return { verified: false, why: signature.why };
  if (!(await hasGpg())) return { verified: false, why: "gpg is not installed" };
  // A short path: gpg's agent listens on a socket in its home, and a socket's path is at most 108 bytes.
  const home = await mkdtemp(join(tmpdir(), "gpg-"));
  try {
    const signed = join(home, "signed");
    await writeFile(signed, await downloader.bytes(signature.url, progress));
    for (const [index, url] of signature.keysUrls.entries()) {
      const keys = join(home, `keys-${index}`);
      await writeFile(keys, await downloader.bytes(url, progress));
      // Some keys of an old list may be unusable: what counts is whether the signature's own is there.
      await gpg(home, ["--import", keys]).catch(() => undefined);
    }
    if (signature.kind === "detached") {
      await gpg(home, ["--verify", signed, file]).catch((failure: unknown) =>
        refuseSignature(file, signature.url, failure),
      );
    } else {
      await verifySums(home, signed, file, signature.url);
    }
    return { verified: true };
  } finally {
    await run("gpgconf", ["--homedir", home, "--kill", "all"], { timeout: GPG_MILLIS }).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}

async function verifySums(home: string, signed: string, file: string, url: string): Promise<void> {
  const plain = join(home, "plain");
  // Only what gpg writes out is signed: text around it in the same file is not.
  await gpg(home, ["--output", plain, "--decrypt", signed]).catch((failure: unknown) =>
    refuseSignature(file, url, failure),
  );
  const name = file.slice(file.lastIndexOf("/") + 1);
  const line = (await readFile(plain, "utf8")).split("\n").find((each) => each.trim().split(/\s+\*?/)[1] === name);
  const { sha256 } = await contentOf(file);
  if (line?.split(/\s+/)[0] !== sha256) {
    throw new Problem(
      `${name} has SHA-256 ${sha256}, but the signed list ${url} says ${line?.split(/\s+/)[0] ?? "nothing of it"}: the file was altered on its way, so do not use it`,
    );
  }
}

async function gpg(home: string, args: readonly string[]): Promise<void> {
  await run("gpg", ["--homedir", home, "--batch", "--trust-model", "always", ...args], {
    timeout: GPG_MILLIS,
    maxBuffer: 64 * 1024 * 1024,
  });
}

function refuseSignature(file: string, url: string, failure: unknown): never {
  const said = String((failure as { stderr?: string }).stderr ?? failure)
    .split("\n")
    .filter((line) => line.startsWith("gpg:"))
    .map((line) => line.slice(5).trim())
    .at(-1);
  throw new Problem(
    `the signature ${url} of ${file.slice(file.lastIndexOf("/") + 1)} is not good (${said ?? "gpg refused it"}): the file or its signature was altered, so do not use it`,
    { cause: failure },
  );
}
