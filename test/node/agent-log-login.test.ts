import * as fs from "fs";
import * as path from "path";
import { LogLogin } from "../../lib/node/agent/logs/log-login";
import { away, loginSecret, secretArn } from "./support/kept-credentials";
import { temporaryFolder } from "./support/software";

const [ARN, OTHER] = [secretArn("logs"), secretArn("other")];
const QUICK = { lookMillis: 5, firstRetryMillis: 1 };

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("the login of log shippers", () => {
  const owner = { uid: process.getuid!(), gid: process.getgid!() };
  let folder: string;
  let file: string;
  let answer: () => Promise<string>;
  let problem: string | undefined;
  let said: string;
  let stop: AbortController;
  let ended: Promise<void>;

  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder, "login.json");
    [problem, said, ended, stop] = [undefined, "", Promise.resolve(), new AbortController()];
    answer = () => Promise.resolve(loginSecret("writer", "first-password"));
    jest.spyOn(process.stdout, "write").mockImplementation((text) => ((said += String(text)), true));
  });
  afterEach(async () => {
    await end();
    fs.rmSync(folder, { recursive: true });
  });

  const end = async () => {
    stop.abort();
    await ended;
    stop = new AbortController();
  };

  async function keep(arn?: string): Promise<void> {
    const reporter = {
      setProblem: (_: string, sentence: string) => ((problem = sentence), (said += sentence)),
      solve: () => (problem = undefined),
    };
    const secrets = { read: () => answer() };
    const login = new LogLogin(secrets, reporter, () => Promise.resolve(owner), file, QUICK);
    ({ ended } = await login.keep(arn, stop.signal));
  }

  const kept = () => JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;

  test("lies in a file that its group may read and nobody else, and is said nowhere", async () => {
    await keep(ARN);
    await until(() => fs.existsSync(file));
    expect(kept()).toMatchObject({ username: "writer", password: "first-password" });
    expect((fs.statSync(file).mode & 0o777).toString(8)).toBe("640");
    expect(said).not.toMatch(/writer|first-password/);
  });

  test("is a new one when the secret holds one", async () => {
    await keep(ARN);
    await until(() => fs.existsSync(file));
    answer = () => Promise.resolve(loginSecret("writer", "second-password"));
    await until(() => kept().password === "second-password");
  });

  test("stays while the secret cannot be read, also for the next agent, and that is told until it can", async () => {
    await keep(ARN);
    await until(() => fs.existsSync(file));
    answer = away;
    await end();
    await keep(ARN);
    await until(() => problem !== undefined);
    expect(problem).toBe(
      "no new login for the logs' destination, and log shippers have the last one: Secrets Manager is away",
    );
    expect(kept().password).toBe("first-password");
    answer = () => Promise.resolve(loginSecret("writer", "first-password"));
    await until(() => problem === undefined);
  });

  test.each([
    ["no JSON", "not a login", "its secret is no JSON object"],
    ["no password", loginSecret("writer", ""), "its secret has no text named password"],
    ["a name that HTTP would cut", loginSecret("wri:ter", "p"), "the username in its secret holds a colon"],
  ])("is none where the secret holds %s, which is told without what it holds", async (_, secret, sentence) => {
    answer = () => Promise.resolve(secret);
    await keep(ARN);
    await until(() => problem !== undefined);
    expect(problem).toContain(`no new login for the logs' destination, and log shippers have none: ${sentence}`);
    expect(said).not.toMatch(/not a login|wri:ter/);
    expect(fs.existsSync(file)).toBe(false);
  });

  test("of another secret is gone before anybody may show it to another server", async () => {
    await keep(ARN);
    await until(() => fs.existsSync(file));
    await end();
    answer = away;
    await keep(OTHER);
    expect(fs.existsSync(file)).toBe(false);
  });

  test("is gone where nobody asks for one", async () => {
    await keep(ARN);
    await until(() => fs.existsSync(file));
    await end();
    await keep();
    expect(fs.existsSync(file)).toBe(false);
    expect(problem).toBeUndefined();
  });

  test("that is damaged is made anew", async () => {
    fs.writeFileSync(file, "{ cut");
    await keep(ARN);
    await until(() => fs.existsSync(file) && fs.readFileSync(file, "utf8").endsWith("}"));
    expect(kept().password).toBe("first-password");
  });
});
