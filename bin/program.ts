import { Command } from "commander";
import { packageVersion } from "../lib/software/package-part";
import { addAwaitRollout } from "./await-rollout-command";
import { addCertificate } from "./certificate-command";
import { addDashboards } from "./dashboards-command";
import { FAILED, WRONG_USAGE } from "./failure";
import { addFetch } from "./fetch-command";
import { addFlink, addSql } from "./flink-commands";
import { addJobs } from "./jobs-command";
import { addLocal } from "./local-command";
import { addLogs, addPrepareLogs } from "./log-commands";
import { addPlan, DANGEROUS } from "./plan-command";
import { addPrune } from "./prune-command";
import { addPublish } from "./publish-command";
import { addRemoveNodes } from "./remove-nodes-command";
import { addReplace } from "./replace-command";
import { addResizeMachines } from "./resize-machines-command";
import { addStatus } from "./status-command";
import { addUi } from "./ui-command";
import { addWait } from "./wait-command";

/** The whole command line. */
export function program(): Command {
  const cli = new Command("cdktf-flink")
    .description("Software, publication, plans, health and logs of Flink clusters that cdktf-flink builds")
    .version(packageVersion())
    .showHelpAfterError("(see --help)")
    .exitOverride()
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
  ${FAILED}  it failed; wait: the time is over, or it can no longer come about; status: the whole cluster is down, or none has reported yet;
     local status: none of its processes runs
  ${WRONG_USAGE}  the command line is wrong
  ${DANGEROUS}  plan: it is dangerous
  128 and the number of a signal that ended it, such as 130 after Ctrl-C
  flink and sql end with that of Flink's program`,
    );
  addFetch(cli);
  addPublish(cli);
  addWait(cli);
  addStatus(cli);
  addResizeMachines(cli);
  addCertificate(cli);
  addUi(cli);
  addFlink(cli);
  addSql(cli);
  addJobs(cli);
  addLogs(cli);
  addPrepareLogs(cli);
  addDashboards(cli);
  addPlan(cli);
  addReplace(cli);
  addRemoveNodes(cli);
  addAwaitRollout(cli);
  addPrune(cli);
  addLocal(cli);
  return cli;
}
