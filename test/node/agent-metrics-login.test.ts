import * as fs from "fs";
import * as path from "path";
import { MetricsLogin } from "../../lib/node/agent/metrics/metrics-login";
import type { MetricsLoginForm } from "../../lib/node/metrics/metrics-login";
import { away, loginSecret, secretArn } from "./support/kept-credentials";
import { temporaryFolder } from "./support/software";

const [ARN, OTHER] = [secretArn("metrics"), secretArn("other")];
const QUICK = { lookMillis: 5, firstRetryMillis: 1 };

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("the login of metrics shippers", () => {
  const owner = { uid: process.getuid!(), gid: process.getgid!() };
  let folder: string;
  let answer: () => Promise<string>;
  let problem: string | undefined;
  let said: string;
  let stop: AbortController;
  let ended: Promise<void>;
  let login: MetricsLogin;

  beforeEach(() => {
    folder = temporaryFolder();
    [problem, said, ended, stop] = [undefined, "", Promise.resolve(), new AbortController()];
    answer = () => Promise.resolve(loginSecret("writer", "it's \\ours"));
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

  async function keep(arn?: string, form: MetricsLoginForm = "basic"): Promise<void> {
    const reporter = {
      setProblem: (_: string, sentence: string) => ((problem = sentence), (said += sentence)),
      solve: () => (problem = undefined),
    };
    login = new MetricsLogin({ read: () => answer() }, reporter, () => Promise.resolve(owner), folder, QUICK);
    login.useForm(form);
    ({ ended } = await login.keep(arn, stop.signal));
  }

  const file = (name: string): string => path.join(folder, name);
  const kept = (): Record<string, string> =>
    Object.fromEntries(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(file(name), "utf8")]));
  const isWhole = (): boolean => fs.existsSync(file("secret-arn"));

  test("lies in a file for each text, which its group may read and nobody else, and is said nowhere", async () => {
    await keep(ARN);
    await until(isWhole);
    expect(kept()).toEqual({ username: "writer", password: "it's \\ours", "secret-arn": ARN });
    for (const name of fs.readdirSync(folder)) expect((fs.statSync(file(name)).mode & 0o777).toString(8)).toBe("640");
    expect(said).not.toMatch(/writer|ours/);
    expect(await login.isThere()).toBe(true);
  });

  test("of PostgreSQL is as between quotes in a connection string", async () => {
    await keep(ARN, "postgresql");
    await until(isWhole);
    expect(kept().password).toBe("it\\'s \\\\ours");
  });

  test("of a token is that token, and none that a header could not hold", async () => {
    answer = () => Promise.resolve(JSON.stringify({ token: "user:pass" }));
    await keep(ARN, "token");
    await until(isWhole);
    expect(kept()).toEqual({ token: "user:pass", "secret-arn": ARN });
    answer = () => Promise.resolve(JSON.stringify({ token: "two\nlines" }));
    await until(() => problem !== undefined);
    expect(problem).toBe(
      "no new login for the metrics' destination, and metrics shippers have the last one: " +
        "the token in its secret holds other characters than ASCII's visible ones: choose another",
    );
    expect(kept().token).toBe("user:pass");
  });

  test("is counted as another one when the secret holds another, and not when it is the same", async () => {
    await keep(ARN);
    // It is counted once it is written.
    await until(() => login.changes() === 1);
    expect(isWhole()).toBe(true);
    answer = () => Promise.resolve(loginSecret("writer", "second-password"));
    await until(() => kept().password === "second-password");
    await end();
    await keep(ARN);
    expect(login.changes()).toBe(0);
  });

  test("of another secret is gone before anybody may show it to another server", async () => {
    await keep(ARN);
    await until(isWhole);
    await end();
    answer = away;
    await keep(OTHER);
    expect(kept()).toEqual({});
    expect(await login.isThere()).toBe(false);
  });

  test("is gone where nobody asks for one", async () => {
    await keep(ARN);
    await until(isWhole);
    await end();
    await keep();
    expect(kept()).toEqual({});
  });
});
