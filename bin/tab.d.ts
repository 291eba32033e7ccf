// The package says where its types are in a way that the resolution of modules for CommonJS does not know.
declare module "@bomb.sh/tab/commander" {
  import type { Command } from "commander";

  /** Adds the command `complete` to a command line. */
  export default function tab(cli: Command): unknown;
}
