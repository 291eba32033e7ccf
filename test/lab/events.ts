import { createServer as createHttpServer } from "http";
import { createServer, Server } from "net";
import { createInterface } from "readline";

/** A call that changed something in the account, told after it did. */
export interface AccountEvent {
  readonly time: string;
  readonly service: string;
  readonly region: string;
  readonly action: string;
  /** Every resource id in the call and its answer. */
  readonly ids: readonly string[];
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      // The run ends when it is stopped, not when nobody speaks.
      server.unref();
      resolve();
    });
  });
}

/** Listens on a unix socket for what the emulator says that happened. */
export async function listenForEvents(path: string, onEvent: (event: AccountEvent) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.unref();
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => onEvent(JSON.parse(line) as AccountEvent));
  });
  await listening(server, path);
  return server;
}

/** Answers on a unix socket what the emulator asks about what is played (see test/emulator/moto/questions.py). */
export async function answerQuestions(
  path: string,
  answer: (question: string, about: object) => Promise<unknown>,
): Promise<Server> {
  const server = createHttpServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { question, ...about } = JSON.parse(Buffer.concat(parts).toString()) as { readonly question: string };
      answer(question, about).then(
        (said) => response.end(JSON.stringify({ answer: said })),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
  });
  await listening(server, path);
  return server;
}
