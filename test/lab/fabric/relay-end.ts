import { connect, createServer } from "net";

/** The inner end of a relay: what comes in on a unix socket goes to a host and port of this network. */
const [socketPath, host, port] = process.argv.slice(2);

createServer((outer) => {
  const inner = connect(Number(port), host);
  outer.pipe(inner).pipe(outer);
  outer.on("error", () => inner.destroy());
  inner.on("error", () => outer.destroy());
}).listen(socketPath);
// Who started it holds its standard input open.
process.stdin.resume().on("end", () => process.exit(0));
