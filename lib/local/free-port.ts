import { once } from "node:events";
import { createServer } from "node:net";
import { Problem } from "../software/problem";

const LOOPBACK = "127.0.0.1";
/** Beyond the wished one. */
const PORTS_TRIED = 20;

/** The first port of loopback, from the wished one on, on which nothing listens. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + PORTS_TRIED && port <= 65535; port++) if (await isFree(port)) return port;
  throw new Problem(
    `on 127.0.0.1 something listens on each port from ${first} to ${first + PORTS_TRIED - 1}: end it, or name a free port with --port`,
  );
}

/** Refuses a port of loopback on which something listens. */
export async function requireFreePort(port: number): Promise<number> {
  if (await isFree(port)) return port;
  throw new Problem(`on 127.0.0.1 something listens on port ${port}: name another one with --port, or leave it out`);
}

/** A port of loopback that the system gives. */
export async function anyFreePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : anyFreePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, LOOPBACK);
  try {
    await once(server, "listening");
  } catch (failure) {
    if (["EADDRINUSE", "EACCES"].includes((failure as NodeJS.ErrnoException).code ?? "")) return false;
    throw failure;
  }
  server.close();
  await once(server, "close");
  return true;
}
