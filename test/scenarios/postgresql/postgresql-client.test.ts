import type { CommandResult } from "../../lab/command";
import type { JavaHost } from "../others/java-program";
import { READER, tryOnPostgreSql, tryToComeIn, WRITER } from "./postgresql-attempts";
import { PostgreSqlClient, quoted } from "./postgresql-client";
import { copyJobSql, PostgreSqlConnectionFile, tablesJobSql } from "./tables-job";

const commands: string[][] = [];

function clientThatSays(stdout: string): PostgreSqlClient {
  const host: JavaHost = {
    name: "node-1",
    exec: (argv): Promise<CommandResult> => {
      commands.push([...argv]);
      return Promise.resolve({ code: 0, stdout, stderr: "log" });
    },
  };
  const login = { url: "jdbc:postgresql://x/y?service=z", services: "/run/services.conf" };
  return new PostgreSqlClient({ host, java: "java", classPath: [], javaOptions: ["-Da=b"] }, login);
}

const done = (said: string) => `answer: done ${said}\n`;
const failed = (state: string) => `answer: failed ${state} ERROR: no\n`;

test("the driver finds user and password in the file of services", async () => {
  await clientThatSays(done("1")).run("SELECT 1");
  const [argv] = commands;
  expect(argv).toEqual(expect.arrayContaining(["-Da=b", "-Dorg.postgresql.pgservicefile=/run/services.conf"]));
  expect(argv[argv.length - 1]).toBe("jdbc:postgresql://x/y?service=z");
});

test("a text in a statement ends where it ends", () => {
  expect(quoted("it's \\ 'x'")).toBe("'it''s \\ ''x'''");
});

describe.each([READER, WRITER])("attempts of the $name", (user) => {
  const attempts = (state: string) => user.mayNot.map(() => failed(state)).join("");

  test("are refused by privileges alone", async () => {
    const refused = await tryOnPostgreSql(clientThatSays(done(user.gives) + attempts("42501")), user);
    expect(refused.map(({ outcome }) => outcome)).toEqual(user.mayNot.map(() => "refused"));
    const others = await tryOnPostgreSql(clientThatSays(done(user.gives) + attempts("42P01")), user);
    expect(others.map(({ outcome }) => outcome)).toEqual(user.mayNot.map(() => "done"));
  });

  test("prove nothing where the user cannot do what it may", async () => {
    for (const may of [done("0"), failed("42501")]) {
      await expect(tryOnPostgreSql(clientThatSays(may + attempts("42501")), user)).rejects.toThrow("must give");
    }
  });
});

test("whoever comes in is not taken for refused, nor whose connection fails", async () => {
  const outcomes = async (answers: readonly string[]) => {
    const [withOldPassword, withoutTls, asAdministrator, inOtherDatabase] = answers.map(clientThatSays);
    const all = await tryToComeIn({ withOldPassword, withoutTls, asAdministrator, inOtherDatabase });
    return new Set(all.map(({ outcome }) => outcome));
  };
  expect(await outcomes([failed("28P01"), failed("28000"), failed("28000"), failed("42501")])).toEqual(
    new Set(["refused"]),
  );
  for (const answer of [done("1"), failed("08001")]) {
    expect(await outcomes(Array.from({ length: 4 }, () => answer))).toEqual(new Set(["done"]));
  }
});

test("jobs have all of the nodes' URL, in each of their tables", () => {
  const url = "jdbc:postgresql://h:5432/it's?service=a&sslmode=verify-full";
  const connection: PostgreSqlConnectionFile = { kind: "postgresql", url, schemas: { read: [], write: [] } };
  const job = { source: connection, sink: connection };
  const inTables = (sql: string) =>
    sql.match(/'url'='jdbc:postgresql:\/\/h:5432\/it''s\?service=a&sslmode=verify-full'/g);
  expect(inTables(copyJobSql(job))).toHaveLength(2);
  const files = { bucket: "b", prefix: "out" };
  const numbers = { numbersPerSecond: 1, lastNumber: 9, parallelism: 2, checkpointIntervalSeconds: 5 };
  expect(inTables(tablesJobSql({ ...job, ...files, ...numbers }))).toHaveLength(3);
});
