import type { ProvisioningReport } from "../../../lib/dataflow/provisioning/function/report";
import type { JudgeFigures } from "../../lab/judge/figures";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import { refusedLines } from "../others/record-lines";
import { POSTGRESQL_VERSION } from "../postgresql/postgresql-software";
import { origin, writePage } from "../record";

/** A call of the function by the deploy, and what it told. */
export interface ToldCall {
  readonly call: string;
  readonly report: ProvisioningReport;
}

export interface ProvisioningRecord {
  readonly calls: readonly ToldCall[];
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

/** Writes the page; gives its path. */
export function writeProvisioningRecord({ calls, attempts, judge }: ProvisioningRecord): string {
  const list = (entries: readonly string[]) => entries.join(", ") || "-";
  return writePage("provisioning.md", [
    "# What the deploy makes in a database",
    "",
    ...origin("test/lab/long/provisioning.test.ts"),
    "",
    "Terraform applied a network with a `PostgreSqlCluster`, then what `addSchema` and `addUser` order of it. It called the function",
    "itself: the archive that it had uploaded ran by Node.js 22 on amd64 in a container, as a user without rights, with a file system that nobody",
    "writes to, with the function's role, memory and environment, behind its own network interface and the rules of its own security",
    `group. PostgreSQL ${POSTGRESQL_VERSION} ran on a machine in the database's security group, under its name and on its port, with the password that`,
    "the account had for its administrator, who is no superuser.",
    "",
    "What is not the real thing: AWS Lambda's own machines (arm64), its freezing of what runs, its network interfaces that are made and",
    "taken away slowly, and what it writes to the log; Amazon RDS itself. The certificate of the database is by the lab's authority,",
    "which stands in `certificateAuthorities`; that of Secrets Manager too, for which Node.js is told to trust the operating system's store.",
    "",
    "| the deploy | made | there already | closed |",
    "| --- | --- | --- | --- |",
    ...calls.map(
      ({ call, report }) => `| ${call} | ${list(report.made)} | ${list(report.there)} | ${list(report.closed)} |`,
    ),
    "",
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ]);
}
