import { ProvisioningProblem } from "../../../../lib/dataflow/provisioning/function/problem";
import { provideDatabase } from "../../../../lib/dataflow/provisioning/postgresql/provide-database";
import type { ProvisioningReport } from "../../../../lib/dataflow/provisioning/function/report";
import type {
  DatabaseRequest,
  GrantRequest,
  UserRequest,
} from "../../../../lib/dataflow/provisioning/postgresql/database-request";
import { createAuthority } from "../../../lab/authority";
import { LoopbackLogin, LoopbackPostgreSql } from "./loopback-postgresql";
import { MemorySecrets } from "./memory-secrets";

const START_MILLIS = 600_000;
const ADMINISTRATOR = "arn:of-the-administrator";
const NO_PAUSE = { tries: 3, pauseMillis: 0 };
const REVENUE = "CREATE TABLE IF NOT EXISTS revenue (country text PRIMARY KEY, revenue numeric)";

let server: LoopbackPostgreSql;
let secrets: MemorySecrets;

beforeAll(async () => {
  server = await LoopbackPostgreSql.start();
}, START_MILLIS);
afterAll(() => server?.stop());

beforeEach(async () => {
  await server.reset();
  secrets = new MemorySecrets();
  secrets.texts.set(ADMINISTRATOR, JSON.stringify(server.administrator));
});

function provide(given: Partial<DatabaseRequest> = {}): Promise<ProvisioningReport> {
  const { host, port, databaseName, certificateAuthorities } = server;
  const request: DatabaseRequest = {
    ...{ region: "eu-west-1", secretsEndpoint: "https://secrets.invalid", administratorSecretArn: ADMINISTRATOR },
    ...{ host, port, databaseName, certificateAuthorities },
    ...{ schemas: [{ name: "analytics", statements: [REVENUE] }], users: [] },
    ...given,
  };
  return provideDatabase(request, secrets, NO_PAUSE);
}

const arnOf = (name: string) => `arn:of-${name}`;

function user(name: string, ...grants: GrantRequest[]): UserRequest {
  return { name, secretArn: arnOf(name), grants };
}

const upsert: GrantRequest = { schema: "analytics", access: "upsert" };
const read: GrantRequest = { schema: "analytics", access: "read" };

function loginOf(name: string): LoopbackLogin {
  return JSON.parse(secrets.texts.get(arnOf(name))!) as LoopbackLogin;
}

/** What PostgreSQL says to somebody: the code of its refusal, or `done`. */
async function outcome(statement: string, login: LoopbackLogin): Promise<string> {
  return server.ask(statement, login).then(
    () => "done",
    (failure: { code: string }) => failure.code,
  );
}

async function sentenceOf(provided: Promise<unknown>): Promise<string> {
  const failure = await provided.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ProvisioningProblem);
  return (failure as Error).message;
}

const UPSERT = "INSERT INTO analytics.revenue VALUES ('CZ', 1) ON CONFLICT (country) DO UPDATE SET revenue = 2";

test("schema, table and a user are made, and the user may do what it was granted and nothing else", async () => {
  const report = await provide({ users: [user("writer", upsert)] });
  expect(report).toEqual({
    made: [
      ...["schema analytics", "table analytics.revenue", "index analytics.revenue_pkey", "user writer"],
      ...["CONNECT on database company for writer", "USAGE on schema analytics for writer"],
      ...["INSERT", "SELECT", "UPDATE"].flatMap((privilege) => [
        `${privilege} on table analytics.revenue for writer`,
        `${privilege} on tables made later in analytics for writer`,
      ]),
    ],
    there: [],
    closed: [],
  });
  const writer = loginOf("writer");
  expect(writer).toEqual({ username: "writer", password: expect.stringMatching(/^[\w-]{43}$/) as string });
  expect(await outcome(UPSERT, writer)).toBe("done");
  expect(await outcome(UPSERT, writer)).toBe("done");
  expect(await server.ask("SELECT * FROM analytics.revenue", writer)).toEqual([{ country: "CZ", revenue: "2" }]);
  for (const refused of [
    ...["DELETE FROM analytics.revenue", "TRUNCATE analytics.revenue", "DROP TABLE analytics.revenue"],
    ...["CREATE TABLE analytics.mine (a int)", "CREATE TABLE public.mine (a int)", "CREATE ROLE mine"],
    ...["ALTER TABLE analytics.revenue ADD COLUMN mine int", "GRANT dbowner TO writer", "CREATE DATABASE mine"],
  ]) {
    expect([refused, await outcome(refused, writer)]).toEqual([refused, "42501"]);
  }
});

test("run again, it finds everything there and changes nothing", async () => {
  const users = [user("reader", read), user("writer", upsert)];
  const { made } = await provide({ users });
  const logins = ["reader", "writer"].map(loginOf);
  const again = await provide({ users });
  expect({ made: again.made, closed: again.closed }).toEqual({ made: [], closed: [] });
  expect([...again.there].sort()).toEqual([...made].sort());
  expect(secrets.written).toEqual(["reader", "writer"].map(arnOf));
  expect(["reader", "writer"].map(loginOf)).toEqual(logins);
});

test("no password comes into a statement, and so into no log", async () => {
  await provide({ users: [user("writer", upsert)] });
  await server.ask("SELECT 1", loginOf("writer"));
  expect(server.log).toContain('CREATE ROLE "writer" LOGIN PASSWORD');
  expect(server.log).toContain("SCRAM-SHA-256$4096:");
  expect(server.log).not.toContain(loginOf("writer").password);
});

test.each([
  [["CREATE TABLE IF NOT EXISTS broken (a nonsense)"], 'PostgreSQL says "type "nonsense" does not exist"'],
  [
    [`${REVENUE}; CREATE TABLE two (a int)`],
    'PostgreSQL says "cannot insert multiple commands into a prepared statement"',
  ],
])("where %p fails, nothing is left of all that was made before it", async (statements, said) => {
  const schemas = [
    { name: "first", statements: [REVENUE] },
    { name: "second", statements },
  ];
  const sentence = await sentenceOf(provide({ schemas, users: [user("writer")] }));
  expect(sentence).toBe(`statement 1 of the schema second failed: ${said}`);
  expect(await server.ask("SELECT nspname FROM pg_namespace WHERE nspname IN ('first', 'second')")).toEqual([]);
  expect(await server.openUsers()).toEqual([]);
  expect(secrets.written).toEqual([]);
});

test("statements that come later add to what is there, and what they add is told of", async () => {
  await provide();
  const statements = [REVENUE, "ALTER TABLE revenue ADD COLUMN IF NOT EXISTS since date"];
  const report = await provide({ schemas: [{ name: "analytics", statements }] });
  expect(report.made).toEqual(["column analytics.revenue.since"]);
});

test("names are names, whatever stands in them", async () => {
  const name = `a"; DROP SCHEMA public; --'`;
  const report = await provide({
    schemas: [{ name, statements: ["CREATE TABLE IF NOT EXISTS t (a int)"] }],
    users: [user(name, { schema: name, access: "read" }), user("x", { schema: name, access: "read", tables: ["t"] })],
  });
  expect(report.made).toEqual(expect.arrayContaining([`schema ${name}`, `user ${name}`, `table ${name}.t`]));
  expect(await server.ask("SELECT 1 FROM pg_namespace WHERE nspname = 'public'")).toHaveLength(1);
  expect(await outcome("SELECT 1", loginOf(name))).toBe("done");
});

test("tables that are made later are the user's too, but where its grants name tables", async () => {
  const named: GrantRequest = { schema: "analytics", access: "read", tables: ["revenue"] };
  await provide({ users: [user("reader", read), user("narrow", named)] });
  await server.ask("CREATE TABLE analytics.later (a int)");
  expect(await outcome("SELECT * FROM analytics.later", loginOf("reader"))).toBe("done");
  expect(await outcome("SELECT * FROM analytics.later", loginOf("narrow"))).toBe("42501");
  expect(await outcome("SELECT * FROM analytics.revenue", loginOf("narrow"))).toBe("done");
});

test("tables of somebody else are not the deploy's to give, and fail nothing", async () => {
  await provide();
  await server.asSuperuser("CREATE TABLE analytics.of_an_extension (a int)");
  const { made } = await provide({ users: [user("reader", read)] });
  expect(made).toContain("SELECT on table analytics.revenue for reader");
  expect(await outcome("SELECT * FROM analytics.of_an_extension", loginOf("reader"))).toBe("42501");
});

test("a table that grants name and nobody made fails the deploy", async () => {
  const grant: GrantRequest = { schema: "analytics", access: "read", tables: ["missing"] };
  expect(await sentenceOf(provide({ users: [user("reader", grant)] }))).toBe(
    'SELECT on table analytics.missing for reader cannot be given: PostgreSQL says "relation "analytics.missing" does not exist"',
  );
});

test("what the program no longer grants is taken, and what people granted on columns stays", async () => {
  await provide({ users: [user("writer", upsert)] });
  await server.ask("CREATE TABLE public.other (a int); GRANT SELECT (a) ON public.other TO writer");
  const report = await provide({ users: [user("writer", { ...read, tables: ["revenue"] })] });
  expect([...report.closed].sort()).toEqual(
    [
      ...["INSERT", "UPDATE"].map((privilege) => `${privilege} on table analytics.revenue for writer`),
      ...["INSERT", "SELECT", "UPDATE"].map((privilege) => `${privilege} on tables made later in analytics for writer`),
    ].sort(),
  );
  expect(await outcome(UPSERT, loginOf("writer"))).toBe("42501");
  expect(await outcome("SELECT * FROM analytics.revenue", loginOf("writer"))).toBe("done");
  expect(await outcome("SELECT a FROM public.other", loginOf("writer"))).toBe("done");
});

test("a user whom the program no longer names comes in no more and may do nothing, and comes back with the same table rights", async () => {
  const users = [user("reader", read), user("writer", upsert)];
  await provide({ users });
  const [open, other] = [await server.session(loginOf("reader")), await server.session(loginOf("writer"))];
  const ended = new Promise((resolve) => open.once("end", resolve));
  const report = await provide({ users: users.slice(1) });
  expect(report.closed).toEqual([
    ...["CONNECT on database company for reader", "SELECT on tables made later in analytics for reader"],
    ...["USAGE on schema analytics for reader", "SELECT on table analytics.revenue for reader"],
    ...["user reader", "sessions of reader"],
  ]);
  await ended;
  expect((await other.query("SELECT 1")).rowCount).toBe(1);
  await other.end();
  expect(await outcome("SELECT 1", loginOf("reader"))).toBe("28000");
  expect(await outcome(UPSERT, loginOf("writer"))).toBe("done");
  // Its secret went with it, so it comes back with another password.
  const [before] = [loginOf("reader").password];
  secrets.texts.delete(arnOf("reader"));
  expect((await provide({ users })).made).toEqual(
    expect.arrayContaining(["password of reader", "SELECT on table analytics.revenue for reader"]),
  );
  expect(loginOf("reader").password).not.toBe(before);
  expect(await outcome("SELECT * FROM analytics.revenue", loginOf("reader"))).toBe("done");
});

test("a user that somebody else made is not touched", async () => {
  await server.ask("CREATE ROLE writer LOGIN PASSWORD 'of-a-person'");
  expect(await sentenceOf(provide({ users: [user("writer", upsert)] }))).toMatch(
    /^the user writer is there already, and was not made by a deploy: /,
  );
  expect(await outcome("SELECT 1", { username: "writer", password: "of-a-person" })).toBe("done");
  expect(secrets.written).toEqual([]);
});

test("a run that was broken off after the secret was written is mended by the next one", async () => {
  const kept = JSON.stringify({ username: "writer", password: "born-before-the-user" });
  secrets.texts.set(arnOf("writer"), kept);
  expect((await provide({ users: [user("writer", upsert)] })).made).toContain("user writer");
  expect(await outcome(UPSERT, loginOf("writer"))).toBe("done");
  secrets.texts.set(arnOf("writer"), JSON.stringify({ username: "writer", password: "changed-by-hand" }));
  expect((await provide({ users: [user("writer", upsert)] })).made).toEqual(["password of writer"]);
  expect(await outcome(UPSERT, loginOf("writer"))).toBe("done");
  expect(secrets.written).toEqual([]);
});

test.each([
  ["not JSON: hunter2", "is no JSON object with the texts username and password"],
  ['{"username":"dbowner","password":"hunter2"}', "is of another user than writer"],
])("a secret that is somebody else's is told of without what is in it: %s", async (text, said) => {
  secrets.texts.set(arnOf("writer"), text);
  const sentence = await sentenceOf(provide({ users: [user("writer", upsert)] }));
  expect(sentence).toContain(said);
  expect(sentence).not.toContain("hunter2");
  expect(await server.openUsers()).toEqual([]);
});

test("what fails leaves a secret without a value as it is, and running jobs with the password that they have", async () => {
  await provide({ users: [user("writer", upsert)] });
  const before = loginOf("writer");
  secrets.texts.delete(arnOf("writer"));
  const missing: GrantRequest = { ...read, tables: ["missing"] };
  expect(await sentenceOf(provide({ users: [user("writer", missing)] }))).toContain("analytics.missing");
  expect(secrets.texts.has(arnOf("writer"))).toBe(false);
  expect(await outcome(UPSERT, before)).toBe("done");
  secrets.writeRefusals.push(new ProvisioningProblem("PutSecretValue was refused", "ThrottlingException"));
  expect(await sentenceOf(provide({ users: [user("writer", upsert)] }))).toBe("PutSecretValue was refused");
  expect(await outcome(UPSERT, before)).toBe("done");
});

test("a secret that the function may not use yet is waited for, and not for ever", async () => {
  const denied = () => new ProvisioningProblem("the secret was refused", "AccessDeniedException");
  secrets.refusalsOf.set(arnOf("writer"), [denied(), denied()]);
  secrets.writeRefusals.push(denied(), denied());
  expect((await provide({ users: [user("writer", upsert)] })).made).toContain("user writer");
  expect(await outcome(UPSERT, loginOf("writer"))).toBe("done");
  secrets.refusalsOf.set(arnOf("reader"), [denied(), denied(), denied()]);
  expect(await sentenceOf(provide({ users: [user("reader", read)] }))).toBe("the secret was refused");
});

test("a kept password that clients write in more than one way is refused, without being told", async () => {
  const login = JSON.stringify({ username: "writer", password: "hunter2-№" });
  secrets.texts.set(arnOf("writer"), login);
  const sentence = await sentenceOf(provide({ users: [user("writer", upsert)] }));
  expect(sentence).toBe(
    `the password in the secret ${arnOf("writer")} holds characters beside letters, digits and signs of ASCII: store another one`,
  );
});

describe("a schema that is there already", () => {
  const statements = [
    "CREATE TABLE IF NOT EXISTS t (a int)",
    "ALTER TABLE t ADD COLUMN IF NOT EXISTS b text DEFAULT lower('X')",
  ];
  const shared = { schemas: [{ name: "shared", statements }] };
  const TAKEN = `CREATE FUNCTION shared.lower(text) RETURNS text LANGUAGE plpgsql
    AS $$BEGIN CREATE ROLE intruder; RETURN 'x'; END$$`;

  test("is taken as it is where it is the administrator's, and people may use it", async () => {
    await server.ask("CREATE ROLE people; CREATE SCHEMA shared; GRANT USAGE ON SCHEMA shared TO people, PUBLIC");
    expect(await provide(shared)).toMatchObject({
      there: ["schema shared"],
      made: expect.arrayContaining(["table shared.t"]),
    });
  });

  test.each([
    ["GRANT CREATE ON SCHEMA shared TO people, PUBLIC", "is open to PUBLIC, people: take CREATE on it from them"],
    ["ALTER SCHEMA shared OWNER TO people", "belongs to people: give it to the administrator by ALTER SCHEMA"],
    [
      `GRANT CREATE ON SCHEMA shared TO people; ${TAKEN}; ALTER FUNCTION shared.lower OWNER TO people;
       REVOKE CREATE ON SCHEMA shared FROM people`,
      "holds shared.lower(text) of somebody else: take them out of it",
    ],
  ])("and in which somebody else may put things is not worked in: %s", async (given, said) => {
    await server.ask("CREATE ROLE people; CREATE SCHEMA shared");
    await server.asSuperuser(given);
    const sentence = await sentenceOf(provide(shared));
    expect(sentence).toContain(`the schema shared, in which the administrator's statements would run, ${said}`);
    expect(await server.ask("SELECT 1 FROM pg_tables WHERE schemaname = 'shared'")).toEqual([]);
  });

  test("has no function that comes before PostgreSQL's own", async () => {
    // A default is worked out for each row that is there.
    await server.ask("CREATE SCHEMA shared; CREATE TABLE shared.t (a int); INSERT INTO shared.t VALUES (1)");
    await server.ask(TAKEN);
    expect((await provide(shared)).made).toContain("column shared.t.b");
    expect(await server.ask("SELECT 1 FROM pg_roles WHERE rolname = 'intruder'")).toEqual([]);
    expect(await server.ask("SELECT b FROM shared.t")).toEqual([{ b: "x" }]);
  });
});

test("whom somebody else granted something, the deploy lets have it, and goes on", async () => {
  await provide({ users: [user("writer", upsert)] });
  await server.ask(
    "CREATE ROLE analyst LOGIN PASSWORD 'of-a-person'; CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO analyst",
  );
  const analyst = { username: "analyst", password: "of-a-person" };
  await server.ask("GRANT USAGE ON SCHEMA lab TO PUBLIC");
  await server.ask("CREATE TABLE lab.t (a int); GRANT SELECT ON lab.t TO writer", analyst);
  const session = await server.session(loginOf("writer"));
  await session.query("CREATE TEMP TABLE mine (a int); GRANT SELECT ON mine TO writer");
  expect((await provide({ users: [user("writer", upsert)] })).closed).toEqual([]);
  await session.end();
  expect(await outcome("SELECT * FROM lab.t", loginOf("writer"))).toBe("done");
});

test("no job holds a deploy up by a lock that everybody may take", async () => {
  await provide({ users: [user("writer", upsert)] });
  await server.ask("COMMENT ON DATABASE company IS 'of people: it''s theirs'");
  const session = await server.session(loginOf("writer"));
  await session.query("SELECT pg_advisory_lock(4830912776)");
  // What a deploy takes, jobs are not let keep either.
  await session.query("BEGIN");
  await expect(session.query("COMMENT ON DATABASE company IS 'x'")).rejects.toMatchObject({ code: "42501" });
  expect((await provide({ users: [user("writer", upsert)] })).made).toEqual([]);
  await session.end();
  expect(
    await server.ask("SELECT shobj_description(oid, 'pg_database') AS said FROM pg_database WHERE datname = 'company'"),
  ).toEqual([{ said: "of people: it's theirs" }]);
});

test("two deploys at once come one after the other", async () => {
  const users = [user("reader", read), user("writer", upsert)];
  const reports = await Promise.all([provide({ users }), provide({ users }), provide({ users })]);
  const made = reports.flatMap((report) => report.made);
  expect(new Set(made).size).toBe(made.length);
  expect(reports.filter((report) => report.made.length > 0)).toHaveLength(1);
  expect(secrets.written).toHaveLength(2);
});

describe("the administrator's password", () => {
  const wrong = () => secrets.texts.set(ADMINISTRATOR, JSON.stringify({ username: "dbowner", password: "hunter2" }));

  test("that is wrong fails the deploy, with a sentence that does not hold it", async () => {
    wrong();
    const sentence = await sentenceOf(provide());
    expect(sentence).toBe(
      `dbowner does not come into the database company at localhost:${server.port}: password authentication failed for user "dbowner"`,
    );
  });

  test("that AWS changes in between is read anew", async () => {
    wrong();
    const given = provide();
    secrets.texts.set(ADMINISTRATOR, JSON.stringify(server.administrator));
    expect((await given).made).toContain("schema analytics");
  });

  test("is waited for while the function's policy does not hold yet, and not for ever", async () => {
    const denied = () => new ProvisioningProblem("GetSecretValue was refused", "AccessDeniedException");
    secrets.refusals.push(denied(), denied());
    expect((await provide()).made).toContain("schema analytics");
    secrets.refusals.push(denied(), denied(), denied());
    expect(await sentenceOf(provide())).toBe("GetSecretValue was refused");
  });
});

test("a database that does not answer is waited for, and not for ever", async () => {
  const readings = jest.spyOn(secrets, "read");
  // Nothing listens there: it is below what systems give to those who ask for any port.
  expect(await sentenceOf(provide({ port: 1 }))).toMatch(
    /^dbowner does not come into the database company at localhost:1: .*ECONNREFUSED/,
  );
  expect(readings).toHaveBeenCalledTimes(NO_PAUSE.tries);
});

test("nobody else is taken for the database, and nothing is said to it", async () => {
  const { certificate } = await createAuthority();
  expect(await sentenceOf(provide({ certificateAuthorities: certificate }))).toMatch(/: .*(certificate|signature)/);
  expect(await sentenceOf(provide({ host: "127.0.0.1" }))).toMatch(/does not match certificate's altnames/);
  expect(server.log).not.toContain("statement:");
});

describe("a schema whose tables one user makes", () => {
  const schemas = [{ name: "metrics", statements: [], maker: "maker" }];
  const users = [
    user("maker", { schema: "metrics", access: "make-tables" }),
    user("reader", { schema: "metrics", access: "enter" }),
  ];
  const BY_MAKER = [
    "CREATE TABLE metrics.cpu (time timestamptz, usage double precision)",
    "CREATE FUNCTION metrics.forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TRIGGER forget AFTER INSERT ON metrics.cpu EXECUTE FUNCTION metrics.forget()",
    "GRANT SELECT ON metrics.cpu TO reader",
  ];

  test("that one makes them and lets another read, who does nothing else; the next deploy leaves it so", async () => {
    await provide({ schemas, users });
    const [maker, reader] = ["maker", "reader"].map(loginOf);
    for (const statement of BY_MAKER) expect([statement, await outcome(statement, maker)]).toEqual([statement, "done"]);
    expect(await outcome("INSERT INTO metrics.cpu VALUES (now(), 1)", maker)).toBe("done");
    const again = await provide({ schemas, users });
    expect({ made: again.made, closed: again.closed }).toEqual({ made: [], closed: [] });
    expect(await server.ask("SELECT usage FROM metrics.cpu", reader)).toEqual([{ usage: 1 }]);
    const ofMaker = ["DROP SCHEMA metrics CASCADE", "CREATE SCHEMA mine", "CREATE TABLE public.mine (a int)"];
    const ofReader = ["INSERT INTO metrics.cpu VALUES (now(), 2)", "CREATE TABLE metrics.mine (a int)"];
    for (const statement of ofMaker) expect([statement, await outcome(statement, maker)]).toEqual([statement, "42501"]);
    for (const statement of ofReader) {
      expect([statement, await outcome(statement, reader)]).toEqual([statement, "42501"]);
    }
  });

  test("named no longer, neither comes in, and what was made stays", async () => {
    await provide({ schemas, users });
    const [maker, reader] = ["maker", "reader"].map(loginOf);
    await server.ask(BY_MAKER[0], maker);
    const { closed } = await provide();
    expect(closed).toEqual(
      expect.arrayContaining(["CREATE on schema metrics for maker", "USAGE on schema metrics for reader"]),
    );
    for (const login of [maker, reader]) expect(await outcome("SELECT 1", login)).toBe("28000");
    expect(await server.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'metrics'")).toEqual([
      { tablename: "cpu" },
    ]);
  });

  test("is open to nobody else, and takes no statements of the administrator's while it is open to that one", async () => {
    await provide({ schemas, users });
    const open = "the schema metrics, in which the administrator's statements would run, is open to";
    expect(await sentenceOf(provide({ schemas: [{ name: "metrics", statements: [] }], users }))).toContain(
      `${open} maker: take CREATE on it from them`,
    );
    await server.ask("GRANT CREATE ON SCHEMA metrics TO PUBLIC");
    expect(await sentenceOf(provide({ schemas, users }))).toContain(`${open} PUBLIC: take CREATE on it from them`);
  });
});
