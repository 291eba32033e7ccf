import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** What opens an address on each system; none where there is no screen. */
function opener(): readonly string[] | undefined {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}

/** A browser that was asked to open an address. */
export interface OpenedBrowser {
  /** Removes what it read. */
  forget(): Promise<void>;
}

/**
 * Has the user's browser open an address that others must not see: the arguments of a program are everybody's to read, so
 * the browser is given a file that only this user can read, and which leads there. Does nothing where there is no browser.
 */
export async function openBrowser(address: string, argv = opener()): Promise<OpenedBrowser> {
  if (!argv) return { forget: () => Promise.resolve() };
  const folder = await mkdtemp(path.join(tmpdir(), "cdktf-flink-ui-"));
  const file = path.join(folder, "open.html");
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${address}">`;
  await writeFile(file, page, { mode: 0o600 });
  const [program, ...args] = argv;
  const child = spawn(program, [...args, pathToFileURL(file).href], { stdio: "ignore", detached: true });
  // The address is printed too.
  child.on("error", () => undefined);
  child.unref();
  return { forget: () => rm(folder, { recursive: true, force: true }) };
}
