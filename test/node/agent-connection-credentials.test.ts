import * as fs from "fs";
import * as path from "path";
import fc from "fast-check";
import {
  ConnectionCredentials,
  type ConnectionTimes,
  type Keeping,
} from "../../lib/node/agent/connections/connection-credentials";
import { renderJavaProperties } from "../../lib/node/agent/connections/java-properties";
import { kafkaScramProperties } from "../../lib/node/agent/connections/kafka-scram";
import type { Owner } from "../../lib/node/agent/files";
import type { ConnectionCredentialSpec } from "../../lib/node/desired-state";
import { readJaas, readJavaProperties } from "./support/java-readers";
import { temporaryFolder } from "./support/software";

const LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
const ROOT = 0;

function secret(username: unknown, password: unknown): string {
  return JSON.stringify({ username, password });
}

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

describe("what the agent keeps for jobs", () => {
  const QUICK: ConnectionTimes = { lookMillis: 5, firstRetryMillis: 1, patienceMillis: 60_000 };
  const arn = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_${name}-AbCdEf`;
  const ORDERS: ConnectionCredentialSpec = { name: "orders", kind: "kafka-scram", secretArn: arn("orders") };
  const BILLS: ConnectionCredentialSpec = { name: "bills", kind: "kafka-scram", secretArn: arn("bills") };

  let parent: string;
  let folder: string;
  let stop: AbortController;
  let keepings: Keeping[];
  /** By ARN; a function is what the service does. */
  let secrets: Map<string, string | (() => Promise<string>)>;
  let asked: string[];
  let problems: Map<string, string>;
  let everTold: string[];
  let logged: string;
  let owner: Owner;

  beforeEach(() => {
    parent = temporaryFolder();
    folder = path.join(parent, "connections");
    [stop, keepings] = [new AbortController(), []];
    secrets = new Map([
      [ORDERS.secretArn, secret("orders-job", "first-s3cret")],
      [BILLS.secretArn, secret("bills-job", "other-s3cret")],
    ]);
    [asked, problems, everTold, logged] = [[], new Map(), [], ""];
    owner = { uid: process.getuid!(), gid: process.getgid!() };
    jest.spyOn(process.stdout, "write").mockImplementation((text) => ((logged += String(text)), true));
  });
  afterEach(async () => {
    await end();
    fs.rmSync(parent, { recursive: true });
  });

  /** Of what is kept now. */
  async function end(): Promise<void> {
    stop.abort();
    for (const { ended } of keepings.splice(0)) await ended;
    stop = new AbortController();
  }

  function keep(specs: readonly ConnectionCredentialSpec[], times: Partial<ConnectionTimes> = {}): Promise<void> {
    const reader = {
      read: (secretArn: string) => {
        asked.push(secretArn);
        const found = secrets.get(secretArn);
        if (typeof found === "function") return found();
        return found === undefined ? Promise.reject(new Error("ResourceNotFoundException")) : Promise.resolve(found);
      },
    };
    const reporter = {
      setConnectionProblem: (name: string, sentence: string | undefined) => {
        if (sentence === undefined) problems.delete(name);
        else problems.set(name, sentence);
        if (sentence !== undefined) everTold.push(sentence);
      },
    };
    const all = { ...QUICK, ...times };
    const credentials = new ConnectionCredentials(reader, reporter, folder, () => Promise.resolve(owner), all);
    const keeping = credentials.keep(specs, stop.signal);
    keepings.push(keeping);
    return keeping.tried;
  }

  const fileOf = (name: string): string => path.join(folder, `${name}.properties`);
  const read = (name: string) => readJavaProperties(fs.readFileSync(fileOf(name), "utf8"));
  /** Until the test is over. */
  const silent = () =>
    new Promise<never>((_, reject) => stop.signal.addEventListener("abort", () => reject(new Error("over"))));
  const away = () => Promise.reject(new Error("Secrets Manager is away"));

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /** Until the secret was looked at so many times more. */
  async function looks(spec: ConnectionCredentialSpec, count: number): Promise<void> {
    const looked = () => asked.filter((each) => each === spec.secretArn).length;
    const wanted = looked() + count;
    await until(() => looked() >= wanted);
  }

  test("are files that root alone may write and one group may read, there when it was waited for", async () => {
    // Only root may give files away; for anybody else they stay its own.
    if (process.getuid!() === ROOT) owner = { uid: ROOT, gid: 5001 };
    await keep([ORDERS, BILLS]);
    expect(fs.readdirSync(folder).sort()).toEqual(["bills.properties", "orders.properties"]);
    expect(read("orders")).toMatchObject({ username: "orders-job", password: "first-s3cret" });
    expect(read("bills").password).toBe("other-s3cret");
    const modes = [folder, fileOf("orders"), fileOf("bills")].map((file) => {
      const { mode, uid, gid } = fs.statSync(file);
      return [(mode & 0o7777).toString(8), uid, gid];
    });
    expect(modes).toEqual([
      ["750", owner.uid, owner.gid],
      ["640", owner.uid, owner.gid],
      ["640", owner.uid, owner.gid],
    ]);
    expect(problems.size).toBe(0);
  });

  test("are as the secret is, and left alone while that is the same", async () => {
    await keep([ORDERS]);
    const before = fs.statSync(fileOf("orders")).ino;
    await looks(ORDERS, 3);
    expect(fs.statSync(fileOf("orders")).ino).toBe(before);
    secrets.set(ORDERS.secretArn, secret("orders-job", "second-s3cret"));
    await until(() => read("orders").password === "second-s3cret");
    expect(readJaas(read("orders")["sasl.jaas.config"]).options).toMatchObject({ password: "second-s3cret" });
    expect(fs.readdirSync(folder)).toEqual(["orders.properties"]);
  });

  test.each<[string, string | (() => Promise<string>), RegExp]>([
    ["the service is away", away, /: Secrets Manager is away$/],
    ["the secret holds something else", "not-json-s3cret", /: its secret is no JSON object/],
  ])("stay as they were while %s, and the report says so until it is over", async (_, bad, why) => {
    await keep([ORDERS, BILLS]);
    secrets.set(ORDERS.secretArn, bad);
    await until(() => problems.has("orders"));
    expect(problems.get("orders")).toMatch(
      /^no new credential of the connection orders, and jobs have the one that was read before: /,
    );
    expect(problems.get("orders")).toMatch(why);
    expect(read("orders").password).toBe("first-s3cret");
    await looks(ORDERS, 2);
    secrets.set(ORDERS.secretArn, secret("orders-job", "second-s3cret"));
    await until(() => problems.size === 0);
    expect(read("orders").password).toBe("second-s3cret");
    expect(everTold.filter((sentence) => sentence.includes("bills"))).toEqual([]);
  });

  test("are none where none could be read yet, and the others are there", async () => {
    secrets.set(ORDERS.secretArn, away);
    await keep([ORDERS, BILLS]);
    expect(problems.get("orders")).toBe(
      "no new credential of the connection orders, and jobs have none: Secrets Manager is away",
    );
    expect(fs.readdirSync(folder)).toEqual(["bills.properties"]);
    secrets.set(ORDERS.secretArn, secret("orders-job", "first-s3cret"));
    await until(() => problems.size === 0);
    expect(read("orders").password).toBe("first-s3cret");
  });

  test("hold up Flink's start so long and no longer, where a service does not answer", async () => {
    secrets.set(ORDERS.secretArn, silent);
    await keep([ORDERS, BILLS], { patienceMillis: 1 });
    await until(() => fs.existsSync(fileOf("bills")));
    expect(fs.existsSync(fileOf("orders"))).toBe(false);
  });

  test("hold up nothing once the agent is to end", async () => {
    secrets.set(ORDERS.secretArn, silent);
    const kept = keep([ORDERS]);
    await looks(ORDERS, 1);
    stop.abort();
    await kept;
  });

  test("are looked at no more once the agent has ended", async () => {
    await keep([ORDERS]);
    await looks(ORDERS, 1);
    await end();
    const before = asked.filter((each) => each === ORDERS.secretArn).length;
    await keep([BILLS]);
    await looks(BILLS, 3);
    expect(asked.filter((each) => each === ORDERS.secretArn)).toHaveLength(before);
  });

  test("outlive the agent: one that begins anew finds them while the service is away", async () => {
    await keep([ORDERS, BILLS]);
    await end();
    secrets.set(ORDERS.secretArn, away);
    await keep([ORDERS]);
    expect(problems.get("orders")).toContain("jobs have the one that was read before");
    expect(read("orders").password).toBe("first-s3cret");
  });

  test("are removed where the connection is no more, and kept while its new secret cannot be read", async () => {
    await keep([ORDERS, BILLS]);
    await end();
    const before = fs.readFileSync(fileOf("orders"), "utf8");
    fs.writeFileSync(`${fileOf("orders")}.new`, "cut");
    const other = { ...ORDERS, secretArn: arn("other") };
    await keep([other]);
    expect(problems.get("orders")).toBe(
      "no new credential of the connection orders, and jobs have the one of the secret that was named before: ResourceNotFoundException",
    );
    expect(fs.readdirSync(folder)).toEqual([path.basename(fileOf("orders"))]);
    expect(fs.readFileSync(fileOf("orders"), "utf8")).toBe(before);
    secrets.set(other.secretArn, secret("another", "s3cret"));
    await until(() => !problems.has("orders"));
    expect(fs.readFileSync(fileOf("orders"), "utf8")).toContain("username=another\n");
  });

  test("make no folder where no connection has any", async () => {
    await keep([]);
    expect(fs.existsSync(folder)).toBe(false);
  });

  test("hold up nothing where the machine is in the way, which is told", async () => {
    fs.rmSync(parent, { recursive: true });
    fs.writeFileSync(parent, "a file in the place of the folder");
    await keep([ORDERS]);
    expect(problems.get("orders")).toMatch(/and jobs have none: .*ENOTDIR/);
  });

  test("are told of in no log and no report", async () => {
    await keep([ORDERS, BILLS]);
    secrets.set(ORDERS.secretArn, '{"username": "orders-job", "password": "cut-s3cret');
    secrets.set(BILLS.secretArn, secret("bills-job", "s3cret\nwith a line end"));
    await until(() => problems.size === 2);
    expect(logged).toContain("jobs have a new credential of the connection orders");
    for (const said of [logged, ...everTold]) expect(said).not.toMatch(/s3cret|orders-job|bills-job/);
  });
});
