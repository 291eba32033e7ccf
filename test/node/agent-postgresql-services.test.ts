import * as fs from "fs";
import * as path from "path";
import fc from "fast-check";
import { postgreSqlService, postgreSqlServices } from "../../lib/node/agent/connections/postgresql-services";
import type { ConnectionCredentialSpec } from "../../lib/node/desired-state";
import { readJavaProperties } from "./support/java-readers";
import { away, KeptCredentials, loginSecret, secretArn } from "./support/kept-credentials";
import { PostgreSqlDriver } from "./support/postgresql-driver";
import { temporaryFolder } from "./support/software";

const DOWNLOAD_MILLIS = 600_000;

/** What a service can carry: text without control characters and halves of characters, not ended by a blank. */
const texts = fc
  .oneof(
    fc.string({ minLength: 1, unit: fc.constantFrom(..."\\\"'=:#! ;[]$-{}é\u2028\u00a0\ufeff😀") }),
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.string({ minLength: 1, unit: "binary" }),
  )
  .filter((text) => !/[\p{Cc}\p{Cs}]| $/u.test(text));

const HOSTILE = [
  ..."#=[;:'\"\\$%`{",
  "#comment",
  "[analytics]",
  "password=other",
  "=",
  " begins with a blank",
  "two  blanks within",
  "ends with a backslash\\",
  "'quoted'",
  '"quoted"',
  "%40%20+&service=other&user=other",
  "${ENV} $(id) `id`",
  "Grüße, 世界 😀",
  "line\u2028separator\u2028#[x]\u2028password=other",
  "no-break\u00a0",
  "\ufeffmark",
];

function serviceOf(name: string, username: string, password: string): string {
  return postgreSqlService(name, secretArn(name), loginSecret(username, password));
}

describe("the service of a secret for PostgreSQL", () => {
  test("is as libpq's file has it, after a comment that names the secret", () => {
    expect(serviceOf("analytics", "enrichment job", "s3cret=#1")).toBe(
      [
        "#arn:aws:secretsmanager:eu-west-1:123456789012:secret:analytics-AbCdEf",
        "[analytics]",
        "user=enrichment job",
        "password=s3cret=#1",
        "",
      ].join("\n"),
    );
  });

  test("is found again among others, whatever they hold", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts), { maxLength: 5 }), (logins) => {
        const services = logins.map((login, index) => [`db-${index}`, serviceOf(`db-${index}`, ...login)] as const);
        const file = services.map(([, service]) => service).join("");
        expect([...postgreSqlServices(file)]).toEqual(services);
      }),
      { examples: [[HOSTILE.map((text): [string, string] => [text, text])]] },
    );
  });

  test("is not found in a file that holds something else", () => {
    for (const text of ["", "\n", "[analytics]\nuser=x\n", "#comment\n", "#comment\n[analytics]"]) {
      expect([text, postgreSqlServices(text).size]).toEqual([text, 0]);
    }
  });

  test.each<[string, string]>([
    ["a line end", "s3\ncret"],
    ["a carriage return", "s3cret\r"],
    ["NUL", "s3cret\0"],
    ["a tab", "\ts3cret"],
    ["another control character", "s3\u0085cret"],
  ])("is not made of %s", (_, hostile) => {
    expect(() => serviceOf("analytics", "orders-job", hostile)).toThrow(
      "the password in its secret holds control characters, which cannot be given to PostgreSQL: choose another",
    );
    expect(() => serviceOf("analytics", hostile, "other")).toThrow("the username in its secret holds control");
  });

  test.each<[string, string, string, RegExp]>([
    ["a password that ends with a blank", "orders-job", "s3cret ", /^the password in its secret ends with a blank/],
    ["a name that ends with a blank", "orders-job ", "s3cret", /^the username in its secret ends with a blank/],
    ["a blank alone", "orders-job", " ", /^the password in its secret ends with a blank/],
    ["half of a character", "orders-job", "s3cret\ude00", /^the password in its secret holds half of a character/],
    ["no password", "orders-job", "", /^its secret has no text named password: store it as \{"username"/],
  ])("is not made of %s, and its words are not told", (_, username, password, sentence) => {
    expect(() => serviceOf("analytics", username, password)).toThrow(sentence);
    expect(() => serviceOf("analytics", username, password)).not.toThrow(/s3cret|orders-job|\n|\.$/);
  });
});

describe("PostgreSQL's own driver", () => {
  let folder: string;
  let driver: PostgreSqlDriver;

  beforeAll(async () => {
    folder = temporaryFolder();
    driver = await PostgreSqlDriver.unpackInto(folder);
  }, DOWNLOAD_MILLIS);
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  function read(services: readonly string[], urls: readonly string[]): ReturnType<PostgreSqlDriver["read"]> {
    const file = path.join(folder, "pg_service.conf");
    fs.writeFileSync(file, services.join(""));
    return driver.read(file, urls);
  }

  const url = (service: string, more = "") =>
    `jdbc:postgresql://db.example.internal:6543/orders%20db?service=${service}&sslmode=verify-full${more}`;

  test("finds in each service its user and password, whatever they hold, and where the server is in its URL", () => {
    const passwords = [...HOSTILE, ...fc.sample(texts, 300)];
    const logins = passwords.map((password, index) => [passwords[passwords.length - 1 - index], password] as const);
    const found = read(
      logins.map((login, index) => serviceOf(`db-${index}`, ...login)),
      logins.map((_, index) => url(`db-${index}`)),
    );
    const server = { host: "db.example.internal", port: "6543", database: "orders db" };
    expect(found).toEqual(logins.map(([user, password]) => ({ user, password, ...server })));
  });

  test("takes no service for another, and what stands in its URL before what stands in a service", () => {
    const services = [serviceOf("analytics", "writer", "[other]"), serviceOf("other", "reader", "s3cret")];
    const found = read(services, [url("other"), url("analytics", "&user=me"), url("analytic"), url("OTHER")]);
    expect(found).toEqual([
      expect.objectContaining({ user: "reader", password: "s3cret" }),
      expect.objectContaining({ user: "me", password: "[other]" }),
      undefined,
      undefined,
    ]);
  });

  test("connects nowhere while there is no file", () => {
    expect(driver.read(path.join(folder, "none.conf"), [url("analytics")])).toEqual([undefined]);
  });
});

describe("what the agent keeps for jobs that use PostgreSQL", () => {
  const spec = (name: string, kind: ConnectionCredentialSpec["kind"] = "postgresql"): ConnectionCredentialSpec => ({
    name,
    kind,
    secretArn: secretArn(name),
  });
  const [ORDERS, BILLS] = [spec("orders"), spec("bills")];

  let kept: KeptCredentials;
  beforeEach(() => {
    kept = new KeptCredentials();
    kept.secrets.set(ORDERS.secretArn, loginSecret("orders-job", "first-s3cret"));
    kept.secrets.set(BILLS.secretArn, loginSecret("bills-job", "other-s3cret"));
  });
  afterEach(() => kept.remove());

  const file = (): string => path.join(kept.folder, "pg_service.conf");
  const text = (): string => fs.readFileSync(file(), "utf8");
  const orders = (password: string): string => serviceOf("orders", "orders-job", password);
  const bills = serviceOf("bills", "bills-job", "other-s3cret");

  test("is one file, which root alone may write and one group may read, there when it was waited for", async () => {
    await kept.keep([ORDERS, BILLS]);
    expect(fs.readdirSync(kept.folder)).toEqual(["pg_service.conf"]);
    expect(text()).toBe(bills + orders("first-s3cret"));
    const { mode, uid, gid } = fs.statSync(file());
    expect([(mode & 0o7777).toString(8), uid, gid]).toEqual(["640", kept.owner.uid, kept.owner.gid]);
    expect(kept.problems.size).toBe(0);
  });

  test("holds the services of all, though all are read at once", async () => {
    const many = Array.from({ length: 30 }, (_, index) => spec(`db-${10 + index}`));
    for (const { name, secretArn: arn } of many) kept.secrets.set(arn, loginSecret(name, "s3cret"));
    await kept.keep(many);
    expect(text()).toBe(many.map(({ name }) => serviceOf(name, name, "s3cret")).join(""));
    expect(kept.everTold).toEqual([]);
  });

  test("is as the secrets are, and left alone while they are the same", async () => {
    await kept.keep([ORDERS, BILLS]);
    const before = fs.statSync(file()).ino;
    await kept.looks(ORDERS, 3);
    await kept.looks(BILLS, 3);
    expect(fs.statSync(file()).ino).toBe(before);
    kept.secrets.set(ORDERS.secretArn, loginSecret("orders-job", "second-s3cret"));
    await kept.until(() => text() === bills + orders("second-s3cret"));
    expect(fs.readdirSync(kept.folder)).toEqual(["pg_service.conf"]);
  });

  test.each<[string, string | (() => Promise<string>), RegExp]>([
    ["the service is away", away, /: Secrets Manager is away$/],
    [
      "a secret holds what no service can",
      loginSecret("x", "s3cret "),
      /: the password in its secret ends with a blank/,
    ],
  ])("stays as it was while %s, but for the others, and the report says so until it is over", async (_, bad, why) => {
    await kept.keep([ORDERS, BILLS]);
    kept.secrets.set(ORDERS.secretArn, bad);
    await kept.until(() => kept.problems.has("orders"));
    expect(kept.problems.get("orders")).toMatch(
      /^no new credential of the connection orders, and jobs have the one that was read before: /,
    );
    expect(kept.problems.get("orders")).toMatch(why);
    kept.secrets.set(BILLS.secretArn, loginSecret("bills-job", "new-s3cret"));
    await kept.until(() => text() === serviceOf("bills", "bills-job", "new-s3cret") + orders("first-s3cret"));
    kept.secrets.set(ORDERS.secretArn, loginSecret("orders-job", "second-s3cret"));
    await kept.until(() => kept.problems.size === 0);
    expect(text()).toContain(orders("second-s3cret"));
    expect(kept.everTold.filter((sentence) => sentence.includes("bills"))).toEqual([]);
  });

  test("lacks those alone that could not be read yet", async () => {
    kept.secrets.set(ORDERS.secretArn, away);
    await kept.keep([ORDERS, BILLS]);
    expect(kept.problems.get("orders")).toBe(
      "no new credential of the connection orders, and jobs have none: Secrets Manager is away",
    );
    expect(text()).toBe(bills);
  });

  test("outlives the agent: one that begins anew goes on from it while the service is away", async () => {
    await kept.keep([ORDERS, BILLS]);
    await kept.end();
    for (const { secretArn: arn } of [ORDERS, BILLS]) kept.secrets.set(arn, away);
    await kept.keep([ORDERS, BILLS]);
    expect(kept.problems.get("bills")).toContain("jobs have the one that was read before");
    expect(text()).toBe(bills + orders("first-s3cret"));
  });

  test("loses connections that are no more, and keeps those whose new secret cannot be read", async () => {
    await kept.keep([ORDERS, BILLS]);
    await kept.end();
    fs.writeFileSync(`${file()}.new`, "cut");
    const other = { ...ORDERS, secretArn: secretArn("other") };
    await kept.keep([other]);
    expect(kept.problems.get("orders")).toBe(
      "no new credential of the connection orders, and jobs have the one of the secret that was named before: ResourceNotFoundException",
    );
    expect(fs.readdirSync(kept.folder)).toEqual(["pg_service.conf"]);
    expect(text()).toBe(orders("first-s3cret"));
    kept.secrets.set(other.secretArn, loginSecret("another", "s3cret"));
    await kept.until(() => !kept.problems.has("orders"));
    expect(text()).toBe(postgreSqlService("orders", other.secretArn, loginSecret("another", "s3cret")));
  });

  test("is gone with the last of them", async () => {
    await kept.keep([ORDERS]);
    await kept.end();
    await kept.keep([]);
    expect(fs.readdirSync(kept.folder)).toEqual([]);
  });

  test("stands beside what others take, each in the form of its client", async () => {
    const [kafka, search] = [spec("events", "kafka-scram"), spec("search", "basic")];
    kept.secrets.set(kafka.secretArn, loginSecret("events-job", "kafka-s3cret"));
    kept.secrets.set(search.secretArn, loginSecret("search-job", "basic-s3cret"));
    await kept.keep([kafka, ORDERS, search]);
    const properties = (name: string) =>
      readJavaProperties(fs.readFileSync(path.join(kept.folder, `${name}.properties`), "utf8"));
    expect(fs.readdirSync(kept.folder).sort()).toEqual(["events.properties", "pg_service.conf", "search.properties"]);
    expect(Object.keys(properties("events"))).toEqual(["username", "password", "sasl.jaas.config"]);
    expect(properties("search")).toEqual({ username: "search-job", password: "basic-s3cret" });
    expect(text()).toBe(orders("first-s3cret"));
    // The name of a connection that is gone may be that of one of another system.
    await kept.end();
    kept.secrets.set(ORDERS.secretArn, away);
    await kept.keep([{ ...ORDERS, kind: "basic" }, BILLS]);
    expect(kept.problems.get("orders")).toContain("and jobs have none");
    expect(fs.readdirSync(kept.folder)).toEqual(["pg_service.conf"]);
    expect(text()).toBe(bills);
  });

  test("is told of in no log and no report", async () => {
    await kept.keep([ORDERS, BILLS]);
    kept.secrets.set(ORDERS.secretArn, '{"username": "orders-job", "password": "cut-s3cret');
    kept.secrets.set(BILLS.secretArn, loginSecret("bills-job", "s3cret\nwith a line end"));
    await kept.until(() => kept.problems.size === 2);
    expect(kept.logged).toContain("jobs have a new credential of the connection orders");
    for (const said of [kept.logged, ...kept.everTold]) expect(said).not.toMatch(/s3cret|orders-job|bills-job/);
  });
});
