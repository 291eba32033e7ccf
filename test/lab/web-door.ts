import { readFileSync } from "fs";
import { createServer } from "http";
import { request } from "https";
import { AddressInfo } from "net";
import { ClientFiles } from "../../lib/software/client-files";

export interface WebDoorOptions {
  /** Port on 127.0.0.1 that leads to the REST API, as a relay gives it. */
  readonly relayPort: number;
  /** Name of the node behind it, which its certificate must have. */
  readonly host: string;
  /** Of the operator. */
  readonly files: Pick<ClientFiles, "certificate" | "key" | "nodeAuthority">;
}

/** A web address on loopback for a person whose browser has no certificate: what comes in goes on with the operator's. */
export interface WebDoor {
  readonly url: string;
  close(): void;
}

export async function openWebDoor({ relayPort, host, files }: WebDoorOptions): Promise<WebDoor> {
  const tls = {
    ca: readFileSync(files.nodeAuthority),
    cert: readFileSync(files.certificate),
    key: readFileSync(files.key),
    servername: host,
  };
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request({ ...tls, host: "127.0.0.1", port: relayPort, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end(`${error.message}\n`);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close().closeAllConnections(),
  };
}
