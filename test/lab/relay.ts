import { spawn } from "child_process";
import { connect, createServer, Server } from "net";
import { join } from "path";
import { existsSync } from "fs";
import { bundle } from "./bundle";
import { ControlGroup } from "./control-group";
import { waitFor } from "./wait-for";

/** A door from loopback of the host into a network of the lab. */
export interface Relay {
  /** Port on 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

export interface RelayOptions {
  /** Folder for its socket. */
  readonly folder: string;
  readonly group: ControlGroup;
  /** Makes the command line that runs another one in the network that it leads to. */
  readonly wrap: (argv: readonly string[]) => string[];
  /** Port on 127.0.0.1; 0 for any free one. */
  readonly localPort: number;
  readonly host: string;
  readonly port: number;
}

let relays = 0;

/**
 * Two halves with a unix socket between them, which knows no network namespace: this process listens on
 * loopback, and one inside connects. No packet passes from one network to the other.
 */
export async function openRelay(options: RelayOptions): Promise<Relay> {
  const socketPath = join(options.folder, `relay-${++relays}.sock`);
  const program = join(options.folder, "relay.js");
  await bundle(join(__dirname, "fabric", "relay-end.ts"), program);
  const inside = [process.execPath, program, socketPath, options.host, String(options.port)];
  const [command, ...args] = options.group.wrap(options.wrap(inside));
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "inherit"], detached: true });
  await waitFor(() => existsSync(socketPath), {
    timeout: 10_000,
    what: `the inner end of the relay to ${options.host}`,
  });

  const server: Server = createServer((outer) => {
    const inner = connect(socketPath);
    outer.pipe(inner).pipe(outer);
    outer.on("error", () => inner.destroy());
    inner.on("error", () => outer.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.localPort, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      child.stdin.end();
      child.kill();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
