import { mkdtempSync, readFileSync, rmSync } from "fs";
import { join } from "path";
import { functionPackage } from "../../../lib/dataflow/provisioning/function-package";
import { AttemptOutcome } from "../../scenarios/job-is-not-machine";
import { tryOnPostgreSql } from "../../scenarios/postgresql/postgresql-attempts";
import type { PostgreSqlUserLogin } from "../../scenarios/postgresql/postgresql-server";
import { ensurePostgreSql } from "../../scenarios/postgresql/postgresql-software";
import { DatabaseOfOurs } from "../../scenarios/provisioning/database-of-ours";
import { FunctionTargets, tryCredentials, tryWays } from "../../scenarios/provisioning/function-attempts";
import { AppliedFunction, Provisioning } from "../../scenarios/provisioning/provisioning";
import { ToldCall, writeProvisioningRecord } from "../../scenarios/provisioning/provisioning-record";
import { OTHER_SECRET, SCHEMA } from "../../scenarios/provisioning/provisioning-stacks";
import { TABLE, USERS_OF_OURS } from "../../scenarios/provisioning/users-of-ours";
import { releaseSoftware, unpackPart } from "../../scenarios/release-software";
import { steps } from "../../support/steps";
import { judgeComplaints } from "../judge/complaints";
import { StatementName } from "../judge/policies";
import { readJudgeFigures, tellJudgeFigures } from "../judge/session-figures";
import { Lab } from "../lab";
import { labCacheDirectory } from "../paths";

/** What a deploy makes in a database of our own, by its function, behind the function's own rules. `make prove` alone runs it. */

const MINUTE = 60_000;
const FLINK_VERSION = "2.2";
/** Longer than it takes until the program is applied that no longer names the user. */
const LONG_SESSION = "SELECT pg_sleep(110)";

jest.setTimeout(15 * MINUTE);

describe("a function that makes what lies in a database", () => {
  const step = steps();
  const calls: ToldCall[] = [];
  const attempts: AttemptOutcome[] = [];
  let nodeJs: string;
  let lab: Lab;
  let provisioning: Provisioning;
  let database: DatabaseOfOurs;
  let ours: AppliedFunction;
  let targets: FunctionTargets;
  const logins: Record<string, PostgreSqlUserLogin> = {};

  beforeAll(async () => {
    await ensurePostgreSql();
    nodeJs = mkdtempSync(join(labCacheDirectory(), "nodejs-"));
    // The line of Node.js that the function asks of AWS Lambda.
    await unpackPart(releaseSoftware(FLINK_VERSION).nodeJs, nodeJs);
    lab = await Lab.start({ functionsNodeJs: join(nodeJs, "bin", "node") });
    provisioning = new Provisioning(lab);
  });

  afterAll(async () => {
    await lab?.stop();
    if (nodeJs) rmSync(nodeJs, { recursive: true, force: true });
  });

  const loginOf = async (user: string): Promise<PostgreSqlUserLogin> => {
    const text = await lab.aws().secretsManager.value(await provisioning.secretOf(user));
    return JSON.parse(text!) as PostgreSqlUserLogin;
  };

  const told = async (call: string): Promise<ToldCall["report"]> => {
    const report = await provisioning.report();
    console.log(`${call}: ${JSON.stringify(report)}`);
    calls.push({ call, report });
    return report;
  };

  step("applies a database of which nothing is asked: there is no function", async () => {
    provisioning.write("nothing");
    console.log(`network and database: ${(await provisioning.apply("services")).toFixed(0)} s`);
    console.log(`the machine in its place: ${(await provisioning.apply("others")).toFixed(0)} s`);
    await lab.aws().secretsManager.putValue(OTHER_SECRET, "{}");
    database = await DatabaseOfOurs.start(lab, await provisioning.output(), FLINK_VERSION);
    expect(database.owner).toEqual({ username: "dbowner", password: expect.stringMatching(/^.{28}$/) as string });
    expect(await provisioning.planned("services")).toEqual({});
  });

  step("makes what is ordered, when Terraform calls it, with the program that was uploaded", async () => {
    provisioning.write("two users");
    console.log(`what the program orders: ${(await provisioning.apply("services")).toFixed(0)} s`);
    ours = await provisioning.function();
    expect(ours.programHash).toBe(functionPackage("postgresql-provisioner").hash);
    const report = await told("a schema with a table, and two users");
    expect(report).toMatchObject({ there: [], closed: [] });
    expect(report.made).toEqual(expect.arrayContaining(["schema analytics", "user reader", "user writer"]));
    expect(await provisioning.planned("services")).toEqual({});
  });

  step("stands in the network by its own group alone", async () => {
    const { interfaces } = await lab.account();
    const own = interfaces.filter(({ ofFunction }) => ofFunction === ours.name);
    expect(own.map(({ groups }) => groups.map(({ id }) => id))).toEqual(own.map(() => ours.securityGroupIds));
    expect(own.map(({ address }) => address)).toContain(lab.functionPlace(ours.name).address);
    // There is nobody to ask who it is.
    const ask = "import urllib.request; urllib.request.urlopen('http://169.254.169.254/latest/meta-data/', timeout=5)";
    const { code, stderr } = await lab.functionPlace(ours.name).exec(["python3", "-c", ask]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("HTTP Error 403") as string]);
  });

  step("lets users in by the secrets that it wrote, to do what they are granted and nothing else", async () => {
    for (const name of ["writer", "reader"] as const) {
      logins[name] = await loginOf(name);
      expect(logins[name].username).toBe(name);
      attempts.push(...(await tryOnPostgreSql(await database.clientOf(logins[name]), USERS_OF_OURS[name])));
    }
    const owners = `SELECT string_agg(tableowner || ' ' || tablename, ',') FROM pg_tables WHERE schemaname = '${SCHEMA}'`;
    expect(await database.look(owners)).toBe("dbowner revenue");
  });

  step("leaves no password where Terraform keeps what it knows", async () => {
    const [state, log] = [await provisioning.state(), readFileSync(lab.accessLog, "utf8")];
    const passwords = [database.owner, ...Object.values(logins)].map(({ password }) => password);
    for (const text of [state, log]) expect(passwords.filter((password) => text.includes(password))).toEqual([]);
    // Or it would have been looked for in vain.
    expect(state).toContain(ours.name);
  });

  step("finds everything there when it is called again", async () => {
    await provisioning.applyAgain();
    const report = await told("the same, called again");
    expect(report).toMatchObject({ made: [], closed: [] });
    expect(report.there).toEqual(expect.arrayContaining(["user reader", "user writer"]));
    for (const name of ["writer", "reader"]) expect(await loginOf(name)).toEqual(logins[name]);
  });

  step("does nothing that the deploy did not order, whoever calls it", async () => {
    const statements = ["CREATE ROLE intruder"];
    const other = JSON.stringify({ ...JSON.parse(ours.input), schemas: [{ name: "other", statements }] });
    const { failed, payload } = await lab.aws().lambda.invoke(ours.name, other);
    const said = (payload as { readonly errorMessage: string }).errorMessage;
    expect(said).toMatch(/^this is not what the deploy ordered/);
    attempts.push({
      ...{ attempt: "call the function with another order", layer: "function", said },
      outcome: failed ? "refused" : "done",
    });
    expect(await database.look("SELECT count(*) FROM pg_roles WHERE rolname = 'intruder'")).toBe("0");
    // What the deploy calls it with is taken from whoever may call it, and changes nothing.
    const again = await lab.aws().lambda.invoke(ours.name, ours.input);
    expect(again).toMatchObject({ failed: false, payload: { made: [], closed: [] } });
  });

  step("reaches the database and Secrets Manager and nothing else, and nobody reaches it", async () => {
    const { host, port, masterSecretArn: administratorSecretArn } = await provisioning.output();
    const userSecretArn = await provisioning.secretOf("writer");
    targets = { functionName: ours.name, host, port, administratorSecretArn, userSecretArn };
    attempts.push(...(await tryWays(lab, targets)));
    attempts.push(...(await tryCredentials(lab, targets)));
  });

  step("closes who is no longer named, with the session that is open", async () => {
    const reader = await database.clientOf(logins.reader);
    const session = reader.tell(LONG_SESSION);
    const sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader'";
    await lab.waitFor(async () => (await database.look(sessions)) === "1", {
      ...{ timeout: MINUTE, interval: 500, what: "the reader's session" },
    });
    provisioning.write("one user");
    await provisioning.apply("services");
    expect(await told("a column more, and one of the users no longer named")).toMatchObject({
      there: expect.arrayContaining(["user writer"]) as string[],
      closed: expect.arrayContaining(["user reader", "sessions of reader"]) as string[],
    });
    expect((await session)[0]).toMatchObject({ error: "57P01" });
    const [{ error = "", said }] = await reader.tell("SELECT 1");
    attempts.push({
      ...{ attempt: "as the reader: come in again", layer: "PostgreSQL", said: `${error} ${said}` },
      outcome: error === "28000" ? "refused" : "done",
    });
    const writer = await database.clientOf(await loginOf("writer"));
    expect(await writer.run(`SELECT count(noted) FROM ${TABLE}`)).toBe("0");
    expect(await provisioning.planned("services")).toEqual({});
  });

  step("needs every permission that it has, and no other", async () => {
    console.table(
      attempts.map(({ attempt, layer, policy, outcome, said }) => ({ attempt, layer, policy, outcome, said })),
    );
    expect(attempts.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    // Those of the network and of the database itself are for others, who are in no session of the lab.
    const isOurs = ({ layer, owner, policy }: StatementName) =>
      owner === ours.roleName || (layer === "endpoint" && policy === "secretsmanager");
    const judge = readJudgeFigures(lab, { isOurs });
    console.log(tellJudgeFigures(judge));
    const refusedAttempts = attempts.filter(({ policy }) => policy !== undefined).length;
    expect(judgeComplaints(judge, { roles: [ours.roleName], refusedAttempts })).toEqual([]);
    console.log(`written: ${writeProvisioningRecord({ calls, attempts, judge })}`);
  });
});
