import { Command } from "commander";
import { fetchSoftware } from "../lib/software/fetch";
import { progressFor } from "../lib/software/progress";
import type { Architecture, OriginName } from "../lib/software/software-table";
const program = new Command("cdktf-flink");
program
  .command("fetch")
  .option("--origin <o>", "", "official")
  .option("--flink <lines...>")
  .option("--architecture <a...>", "", ["amd64"])
  .option("--lock-file <f>", "", "cdktf-flink.lock.json")
  .action(async (o) => {
    const progress = progressFor();
    try {
      await fetchSoftware({
        lockFile: o.lockFile,
        origin: o.origin as OriginName,
        flink: o.flink,
        architectures: o.architecture as Architecture[],
        progress,
      });
    } finally {
      progress.stop();
    }
  });
program.parseAsync().catch((e) => {
  console.error(e);
  process.exitCode = 1;
});
