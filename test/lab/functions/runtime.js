/**
 * What AWS Lambda has around a function: reads the call from standard input, hands the event to the handler, and writes what
 * came of it. What the function itself prints is its log, and goes to standard error.
 */
const { text } = require("node:stream/consumers");
const { join } = require("node:path");

const PROGRAM = "/var/task";

async function main() {
  const { environment, handler, payload } = JSON.parse(await text(process.stdin));
  for (const level of ["log", "info", "debug"]) console[level] = console.error;
  Object.assign(process.env, environment);
  const [file, name] = handler.split(".");
  try {
    const said = await require(join(PROGRAM, file))[name](JSON.parse(payload));
    return { failed: false, payload: JSON.stringify(said ?? null) };
  } catch (error) {
    const { name: errorType, message: errorMessage, stack = "" } = error;
    return { failed: true, payload: JSON.stringify({ errorType, errorMessage, trace: stack.split("\n") }) };
  }
}

// Lambda holds a function still when it has answered, whatever is still open in it.
main().then((answer) => process.stdout.write(JSON.stringify(answer), () => process.exit()));
