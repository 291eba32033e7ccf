/**
 * The logging of production without what goes to the journal or is shipped: the file that the web UI shows is left, and
 * what jobs print has the standard output for itself.
 */
export function localLog4j(production: string): string {
  return production
    .split("\n")
    .filter((line) => !/^(rootLogger\.appenderRef\.(console|lines)\.|appender\.(console|lines)\.)/.test(line))
    .join("\n");
}
