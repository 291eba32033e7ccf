/**
 * Loads modules as a program does, and prints how long it took and what the process needs of memory then.
 *
 *   node require.cjs PACKAGE MODULE...
 */
const { createRequire } = require("node:module");
const path = require("node:path");

const [, , folder, ...modules] = process.argv;
const required = createRequire(path.join(folder, "package.json"));
const processor = process.cpuUsage();
const started = performance.now();
for (const each of modules) required(each);
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(processor);
console.log(
  JSON.stringify({ milliseconds, processor: (user + system) / 1000, mebibytes: process.memoryUsage().rss / 1024 ** 2 }),
);
