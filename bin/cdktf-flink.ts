import { Command } from "commander";
import { ValidationError } from "../lib/core/validation";
import { packageVersion } from "../lib/software/package-part";
import { explain, Problem } from "../lib/software/problem";
import { addCertificate } from "./certificate-command";
import { addDashboards } from "./dashboards-command";
import { addFetch } from "./fetch-command";
import { addLogs, addPrepareLogs } from "./log-commands";
import { addPlan, DANGEROUS } from "./plan-command";
import { addPublish } from "./publish-command";
import { addStatus } from "./status-command";
import { addWait } from "./wait-command";

const WRONG_USAGE = 2;

function program(): Command {
  const cli = new Command("cdktf-flink")
    .description("Software, publication, plans, health and logs of Flink clusters that cdktf-flink builds")
    .version(packageVersion())
    .showHelpAfterError("(see --help)")
    // Help and version end with 0; everything else that ends the program here is a wrong command line.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USAGE))
    .addHelpText(
      "after",
      `
Environment:
  CDKTF_FLINK_CACHE   where downloads are kept (default ~/.cache/cdktf-flink)
  AWS_*               credentials, region and endpoint, as for every AWS tool
  OPENSEARCH_PASSWORD the password of --user; without it, it is asked for
  DEBUG               set to anything to see where a failure came from

Exit codes:
  0  done
  1  it failed; for wait also: the time is over
  ${WRONG_USAGE}  the command line is wrong
  ${DANGEROUS}  plan: it is dangerous`,
    );
  addFetch(cli);
  addPublish(cli);
  addWait(cli);
  addStatus(cli);
  addCertificate(cli);
  addLogs(cli);
  addPrepareLogs(cli);
  addDashboards(cli);
  addPlan(cli);
  return cli;
}

// The AWS SDK announces the end of Node.js 20 on every run; which Node.js we support, package.json says.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

program()
  .parseAsync()
  .catch((failure: unknown) => {
    console.error(`cdktf-flink: ${failure instanceof Problem ? failure.message : explain(failure)}`);
    if (process.env.DEBUG) console.error(failure);
    process.exitCode = failure instanceof ValidationError ? WRONG_USAGE : 1;
  });
