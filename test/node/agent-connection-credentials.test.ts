import * as fs from "fs";
import * as path from "path";
import fc from "fast-check";
import { basicLoginProperties } from "../../lib/node/agent/connections/basic-login";
import { renderJavaProperties } from "../../lib/node/agent/connections/java-properties";
import { kafkaScramProperties } from "../../lib/node/agent/connections/kafka-scram";
import type { ConnectionCredentialSpec } from "../../lib/node/desired-state";
import { readJaas, readJavaProperties } from "./support/java-readers";
import { away, KeptCredentials, loginSecret as secret, secretArn } from "./support/kept-credentials";

const LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
const ROOT = 0;

/** What a client of Kafka finds in the file of a secret. */
function asKafkaReads(text: string): { properties: Readonly<Record<string, string>>; options: object } {
  const properties = readJavaProperties(renderJavaProperties("of a secret", kafkaScramProperties(text)));
  const { loginModule, controlFlag, options } = readJaas(properties["sasl.jaas.config"]);
  expect([loginModule, controlFlag]).toEqual([LOGIN_MODULE, "required"]);
  return { properties, options };
}

describe("the file of a secret for Kafka", () => {
  test("is as its clients take it", () => {
    expect(renderJavaProperties("of a secret", kafkaScramProperties(secret("orders-job", "s3cret")))).toBe(
      [
        "#of a secret",
        "username=orders-job",
        "password=s3cret",
        `sasl.jaas.config=${LOGIN_MODULE} required username="orders-job" password="s3cret";`,
        "",
      ].join("\n"),
    );
  });

  test("gives back any user and password, whatever they hold", () => {
    const texts = fc.oneof(
      fc.string({ minLength: 1, unit: fc.constantFrom(..."\\\"'=:#! ;/*$-{}ntu0x") }),
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.string({ minLength: 1, unit: "binary" }),
    );
    fc.assert(
      fc.property(texts, texts, (username, password) => {
        fc.pre(!/\p{Cc}/u.test(username + password));
        const { properties, options } = asKafkaReads(secret(username, password));
        expect(properties).toMatchObject({ username, password });
        expect(options).toEqual({ username, password });
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(["a\nb", "a\rb", "a\0b", "a\tb", "a\u0085b", "\x7f"])("is not made of %j", (hostile) => {
    expect(() => kafkaScramProperties(secret("orders-job", hostile))).toThrow(
      "the password in its secret holds control characters",
    );
    expect(() => kafkaScramProperties(secret(hostile, "s3cret"))).toThrow("the username in its secret holds control");
  });

  test.each<[string, string, RegExp]>([
    ["nothing", "", /is no JSON object: store it as \{"username"/],
    ["the password alone", "s3cret-password", /is no JSON object/],
    ["a cut object", '{"username": "orders-job", "password": "s3cret-pass', /is no JSON object/],
    ["a list", '["orders-job", "s3cret-password"]', /is no JSON object/],
    ["null", "null", /is no JSON object/],
    ["no user", secret(undefined, "s3cret-password"), /has no text named username: store it as/],
    ["an empty user", secret("", "s3cret-password"), /has no text named username/],
    ["no password", secret("orders-job", undefined), /has no text named password/],
    ["a number", secret("orders-job", 12345), /has no text named password/],
    ["other names", JSON.stringify({ user: "orders-job", pass: "s3cret-password" }), /no text named username/],
  ])("is not made of %s, and its words are not told", (_, text, sentence) => {
    let said = "";
    try {
      kafkaScramProperties(text);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/s3cret|orders-job|12345|\n|\.$/);
  });
});

describe("the file of a secret for HTTP's basic authentication", () => {
  const asClientsRead = (text: string) =>
    readJavaProperties(renderJavaProperties("of a secret", basicLoginProperties(text)));

  test("is as clients take it", () => {
    expect(renderJavaProperties("of a secret", basicLoginProperties(secret("writer", "s3cret: 1")))).toBe(
      ["#of a secret", "username=writer", "password=s3cret: 1", ""].join("\n"),
    );
  });

  test("gives back any user and password, whatever they hold", () => {
    const texts = fc.oneof(
      fc.string({ minLength: 1, unit: fc.constantFrom(..."\\\"'=:#! ;/*$-{}ntu0x") }),
      fc.string({ minLength: 1, unit: "binary" }),
    );
    fc.assert(
      fc.property(texts, texts, (username, password) => {
        fc.pre(!/[\p{Cc}\p{Cs}]/u.test(username + password) && !username.includes(":"));
        expect(asClientsRead(secret(username, password))).toEqual({ username, password });
      }),
    );
  });

  test.each<[string, string, RegExp]>([
    [
      "a name with a colon",
      secret("wri:ter", "s3cret"),
      /^the username in its secret holds a colon, with which a name/,
    ],
    ["a name with a line end", secret("writer\n", "s3cret"), /^the username in its secret holds control characters/],
    ["a password with NUL", secret("writer", "s3cret\0"), /^the password in its secret holds control characters/],
    ["half of a character", secret("writer", "s3cret\ud83d"), /^the password in its secret holds half of a character/],
    ["no name", secret(undefined, "s3cret"), /^its secret has no text named username/],
  ])("is not made of %s, and its words are not told", (_, text, sentence) => {
    expect(() => basicLoginProperties(text)).toThrow(sentence);
    expect(() => basicLoginProperties(text)).not.toThrow(/s3cret|writer|wri:|\n|\.$/);
  });
});

describe("what the agent keeps for jobs", () => {
  const ORDERS: ConnectionCredentialSpec = {
    name: "orders",
    kind: "kafka-scram",
    secretArn: secretArn("AmazonMSK_orders"),
  };
  const BILLS: ConnectionCredentialSpec = {
    name: "bills",
    kind: "kafka-scram",
    secretArn: secretArn("AmazonMSK_bills"),
  };

  let kept: KeptCredentials;
  beforeEach(() => {
    kept = new KeptCredentials();
    kept.secrets.set(ORDERS.secretArn, secret("orders-job", "first-s3cret"));
    kept.secrets.set(BILLS.secretArn, secret("bills-job", "other-s3cret"));
  });
  afterEach(() => kept.remove());

  const fileOf = (name: string): string => path.join(kept.folder, `${name}.properties`);
  const read = (name: string) => readJavaProperties(fs.readFileSync(fileOf(name), "utf8"));

  test("are files that root alone may write and one group may read, there when it was waited for", async () => {
    // Only root may give files away; for anybody else they stay its own.
    if (process.getuid!() === ROOT) kept.owner = { uid: ROOT, gid: 5001 };
    await kept.keep([ORDERS, BILLS]);
    expect(fs.readdirSync(kept.folder).sort()).toEqual(["bills.properties", "orders.properties"]);
    expect(read("orders")).toMatchObject({ username: "orders-job", password: "first-s3cret" });
    expect(read("bills").password).toBe("other-s3cret");
    const modes = [kept.folder, fileOf("orders"), fileOf("bills")].map((file) => {
      const { mode, uid, gid } = fs.statSync(file);
      return [(mode & 0o7777).toString(8), uid, gid];
    });
    expect(modes).toEqual([
      ["750", kept.owner.uid, kept.owner.gid],
      ["640", kept.owner.uid, kept.owner.gid],
      ["640", kept.owner.uid, kept.owner.gid],
    ]);
    expect(kept.problems.size).toBe(0);
  });

  test("are as the secret is, and left alone while that is the same", async () => {
    await kept.keep([ORDERS]);
    const before = fs.statSync(fileOf("orders")).ino;
    await kept.looks(ORDERS, 3);
    expect(fs.statSync(fileOf("orders")).ino).toBe(before);
    kept.secrets.set(ORDERS.secretArn, secret("orders-job", "second-s3cret"));
    await kept.until(() => read("orders").password === "second-s3cret");
    expect(readJaas(read("orders")["sasl.jaas.config"]).options).toMatchObject({ password: "second-s3cret" });
    expect(fs.readdirSync(kept.folder)).toEqual(["orders.properties"]);
  });

  test.each<[string, string | (() => Promise<string>), RegExp]>([
    ["the service is away", away, /: Secrets Manager is away$/],
    ["the secret holds something else", "not-json-s3cret", /: its secret is no JSON object/],
  ])("stay as they were while %s, and the report says so until it is over", async (_, bad, why) => {
    await kept.keep([ORDERS, BILLS]);
    kept.secrets.set(ORDERS.secretArn, bad);
    await kept.until(() => kept.problems.has("orders"));
    expect(kept.problems.get("orders")).toMatch(
      /^no new credential of the connection orders, and jobs have the one that was read before: /,
    );
    expect(kept.problems.get("orders")).toMatch(why);
    expect(read("orders").password).toBe("first-s3cret");
    await kept.looks(ORDERS, 2);
    kept.secrets.set(ORDERS.secretArn, secret("orders-job", "second-s3cret"));
    await kept.until(() => kept.problems.size === 0);
    expect(read("orders").password).toBe("second-s3cret");
    expect(kept.everTold.filter((sentence) => sentence.includes("bills"))).toEqual([]);
  });

  test("are none where none could be read yet, and the others are there", async () => {
    kept.secrets.set(ORDERS.secretArn, away);
    await kept.keep([ORDERS, BILLS]);
    expect(kept.problems.get("orders")).toBe(
      "no new credential of the connection orders, and jobs have none: Secrets Manager is away",
    );
    expect(fs.readdirSync(kept.folder)).toEqual(["bills.properties"]);
    kept.secrets.set(ORDERS.secretArn, secret("orders-job", "first-s3cret"));
    await kept.until(() => kept.problems.size === 0);
    expect(read("orders").password).toBe("first-s3cret");
  });

  test("hold up Flink's start so long and no longer, where a service does not answer", async () => {
    kept.secrets.set(ORDERS.secretArn, kept.silent());
    await kept.keep([ORDERS, BILLS], { patienceMillis: 1 });
    await kept.until(() => fs.existsSync(fileOf("bills")));
    expect(fs.existsSync(fileOf("orders"))).toBe(false);
  });

  test("hold up nothing once the agent is to end", async () => {
    kept.secrets.set(ORDERS.secretArn, kept.silent());
    const tried = kept.keep([ORDERS]);
    await kept.looks(ORDERS, 1);
    kept.signalEnd();
    await tried;
  });

  test("are looked at no more once the agent has ended", async () => {
    await kept.keep([ORDERS]);
    await kept.looks(ORDERS, 1);
    await kept.end();
    const before = kept.asked.filter((each) => each === ORDERS.secretArn).length;
    await kept.keep([BILLS]);
    await kept.looks(BILLS, 3);
    expect(kept.asked.filter((each) => each === ORDERS.secretArn)).toHaveLength(before);
  });

  test("outlive the agent: one that begins anew finds them while the service is away", async () => {
    await kept.keep([ORDERS, BILLS]);
    await kept.end();
    kept.secrets.set(ORDERS.secretArn, away);
    await kept.keep([ORDERS]);
    expect(kept.problems.get("orders")).toContain("jobs have the one that was read before");
    expect(read("orders").password).toBe("first-s3cret");
  });

  test("are removed where the connection is no more, and kept while its new secret cannot be read", async () => {
    await kept.keep([ORDERS, BILLS]);
    await kept.end();
    const before = fs.readFileSync(fileOf("orders"), "utf8");
    fs.writeFileSync(`${fileOf("orders")}.new`, "cut");
    const other = { ...ORDERS, secretArn: secretArn("AmazonMSK_other") };
    await kept.keep([other]);
    expect(kept.problems.get("orders")).toBe(
      "no new credential of the connection orders, and jobs have the one of the secret that was named before: ResourceNotFoundException",
    );
    expect(fs.readdirSync(kept.folder)).toEqual([path.basename(fileOf("orders"))]);
    expect(fs.readFileSync(fileOf("orders"), "utf8")).toBe(before);
    kept.secrets.set(other.secretArn, secret("another", "s3cret"));
    await kept.until(() => !kept.problems.has("orders"));
    expect(fs.readFileSync(fileOf("orders"), "utf8")).toContain("username=another\n");
  });

  test("make no folder where no connection has any", async () => {
    await kept.keep([]);
    expect(fs.existsSync(kept.folder)).toBe(false);
  });

  test("hold up nothing where the machine is in the way, which is told", async () => {
    fs.rmSync(kept.parent, { recursive: true });
    fs.writeFileSync(kept.parent, "a file in the place of the folder");
    await kept.keep([ORDERS]);
    expect(kept.problems.get("orders")).toMatch(/and jobs have none: .*ENOTDIR/);
  });

  test("are told of in no log and no report", async () => {
    await kept.keep([ORDERS, BILLS]);
    kept.secrets.set(ORDERS.secretArn, '{"username": "orders-job", "password": "cut-s3cret');
    kept.secrets.set(BILLS.secretArn, secret("bills-job", "s3cret\nwith a line end"));
    await kept.until(() => kept.problems.size === 2);
    expect(kept.logged).toContain("jobs have a new credential of the connection orders");
    for (const said of [kept.logged, ...kept.everTold]) expect(said).not.toMatch(/s3cret|orders-job|bills-job/);
  });
});
