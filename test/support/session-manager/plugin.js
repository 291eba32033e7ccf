/*
 * Plays the plugin of AWS Session Manager, with its arguments: it takes a session from the environment, listens on the
 * local port that the session was asked for, and carries bytes to the host and port of the request. Where these lead is
 * said by a file of JSON, `{ "<host>:<port>": <what net.connect takes> }`, which is read anew for each connection: a Unix
 * socket may lead out of this machine's network. It knows its sessions by the tokens that the one who plays the service
 * gives: `token of <SessionId>`.
 */
const fs = require("node:fs");
const net = require("node:net");

const [routesFile, logFile, version, ...args] = process.argv.slice(2);

if (args[0] === "--version") {
  console.log(version);
  process.exit(0);
}

const [variable, region, operation, profile, parameters, endpoint] = args;
const { SessionId, StreamUrl, TokenValue } = JSON.parse(process.env[variable]);
const request = JSON.parse(parameters);
const [host, portNumber, localPortNumber] = ["host", "portNumber", "localPortNumber"].map(
  (name) => request.Parameters[name][0],
);
fs.appendFileSync(
  logFile,
  `${JSON.stringify({ event: "start", args, region, operation, profile, endpoint, StreamUrl, pid: process.pid })}\n`,
);
if (TokenValue !== `token of ${SessionId}`) {
  console.log("Cannot perform start session: the token is not of the session");
  process.exit(0);
}

const server = net.createServer((outer) => {
  const route = JSON.parse(fs.readFileSync(routesFile, "utf8"))[`${host}:${portNumber}`];
  if (route === undefined) {
    console.log("Connection to destination port failed, check SSM Agent logs.");
    outer.destroy();
    return;
  }
  const inner = net.connect(route);
  outer.pipe(inner).pipe(outer);
  outer.on("error", () => inner.destroy());
  inner.on("error", () => outer.destroy());
});
server.listen(Number(localPortNumber), "localhost", () => {
  console.log(`Port ${localPortNumber} opened for sessionId ${SessionId}.\nWaiting for connections...`);
});
process.on("SIGINT", () => {
  fs.appendFileSync(logFile, `${JSON.stringify({ event: "end", SessionId })}\n`);
  console.log(`Exiting session with sessionId: ${SessionId}.`);
  process.exit(0);
});
