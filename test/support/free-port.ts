import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to whoever asks for any: none of these takes one before the server of a test listens on it. */
const [FIRST, LAST] = [20_000, 32_000];
/** So many stand free before the ports of the process whose id comes next: no test needs more at a time. */
const PORTS_OF_PROCESS = 16;

/**
 * Between the choice of a port and the server that listens on it nobody holds it. Tests that run side by side begin
 * elsewhere, by the ids of their processes, and none is given the same one again before all others.
 */
let next = (process.pid * PORTS_OF_PROCESS) % (LAST - FIRST);

/** A port of loopback on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + next;
    next = (next + 1) % (LAST - FIRST);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
  server.close();
  await once(server, "close");
  return true;
}
