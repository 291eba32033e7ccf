import { once } from "events";
import * as fs from "fs";
import * as http from "http";
import * as net from "net";
import * as path from "path";
import timers from "timers/promises";
import { CredentialsServer, CredentialsSource } from "../../lib/node/agent/credentials-server";
import {
  CREDENTIALS_OF_JOBS,
  CREDENTIALS_OF_LOG_SHIPPERS,
  type CredentialsUse,
} from "../../lib/node/agent/credentials-use";
import type { Owner } from "../../lib/node/agent/files";
import { RateLimit } from "../../lib/node/agent/rate-limit";
import { RenewedCredentials } from "../../lib/node/agent/renewed-credentials";
import { RoleCredentialsService } from "../../lib/node/agent/role-credentials-service";
import { SessionCredentials, Sts } from "../../lib/node/agent/sts";
import { ensureToken, hasToken } from "../../lib/node/agent/token";
import { MachineServices } from "./support/machine-services";
import { temporaryFolder } from "./support/software";

const MINUTE = 60_000;
const TOKEN = "a-token";
const QUESTION = { path: "/job-credentials", token: TOKEN };

function credentials(number: number, livesMillis = 60 * MINUTE): SessionCredentials {
  return {
    accessKeyId: `ASIA${number}`,
    secretAccessKey: `secret-${number}`,
    sessionToken: `session-${number}`,
    expiration: new Date(Date.now() + livesMillis),
  };
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
}

function ask(
  port: number,
  headers: http.OutgoingHttpHeaders = {},
  urlPath = "/job-credentials",
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, path: urlPath, method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode!, body: JSON.parse(text) as Answer["body"] }));
    });
    request.on("error", reject);
    request.end();
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("what the agent serves on loopback", () => {
  let server: CredentialsServer;
  let another: CredentialsServer | undefined;
  let strangers: net.Socket[] = [];
  let port: number;
  let found: SessionCredentials | undefined;
  let asked = 0;
  const source: CredentialsSource = { get: () => (asked++, Promise.resolve(found)) };

  beforeEach(async () => {
    [found, asked] = [credentials(1), 0];
    server = new CredentialsServer(QUESTION, source);
    port = await server.listen(0);
  });
  afterEach(async () => {
    for (const socket of strangers.splice(0)) socket.destroy();
    await another?.close();
    another = undefined;
    await server.close();
  });

  test("are credentials in the form that AWS's SDKs read, for who shows the token", async () => {
    expect(await ask(port, { authorization: TOKEN })).toEqual({
      status: 200,
      body: {
        AccessKeyId: "ASIA1",
        SecretAccessKey: "secret-1",
        Token: "session-1",
        Expiration: found!.expiration.toISOString().replace(/\.\d+Z$/, "Z"),
      },
    });
  });

  test.each([
    ["no token", {}],
    ["an empty one", { authorization: "" }],
    ["another one", { authorization: "another" }],
    ["a longer one", { authorization: `${TOKEN}x` }],
    ["one in the form of others", { authorization: `Bearer ${TOKEN}` }],
  ])("is nothing for who shows %s", async (_name, headers) => {
    const answer = await ask(port, headers);
    expect(answer.status).toBe(401);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|ASIA|a-token/);
    expect(asked).toBe(0);
  });

  test.each([
    ["/", "GET"],
    ["/job-credentials/", "GET"],
    ["/job-credentials?x", "GET"],
    ["/job-credentials", "POST"],
    ["/latest/meta-data", "GET"],
  ])("is nothing else: %s by %s", async (urlPath, method) => {
    expect((await ask(port, { authorization: TOKEN }, urlPath, method)).status).toBe(404);
  });

  test("is at the path of those for whom it is, and to be had with their token alone", async () => {
    const { path: ofLogs } = CREDENTIALS_OF_LOG_SHIPPERS;
    another = new CredentialsServer({ path: ofLogs, token: "of-logs" }, source);
    const portOfLogs = await another.listen(0);
    const statuses = [];
    for (const [token, urlPath] of [
      ["of-logs", ofLogs],
      [TOKEN, ofLogs],
      ["of-logs", "/job-credentials"],
    ]) {
      statuses.push((await ask(portOfLogs, { authorization: token }, urlPath)).status);
    }
    expect(statuses).toEqual([200, 401, 404]);
    expect((await ask(port, { authorization: "of-logs" })).status).toBe(401);
  });

  test("says that there are none, in a way that clients try again", async () => {
    found = undefined;
    expect((await ask(port, { authorization: TOKEN })).status).toBe(503);
  });

  test("answers two hundred at once, as many as Flink's clients never ask", async () => {
    const flood = await Promise.all(Array.from({ length: 200 }, () => ask(port, { authorization: TOKEN })));
    expect(flood.every(({ status }) => status === 200)).toBe(true);
  });

  test("tells who asks too often, and strangers use up nothing of what those need that show the token", async () => {
    const limits = { known: new RateLimit(0, 2), strangers: new RateLimit(0, 2) };
    const limited = new CredentialsServer(QUESTION, source, limits);
    const limitedPort = await limited.listen(0);
    const statuses = [];
    for (const authorization of ["wrong", "", "wrong", TOKEN, TOKEN, TOKEN]) {
      statuses.push((await ask(limitedPort, { authorization })).status);
    }
    await limited.close();
    expect(statuses).toEqual([401, 401, 429, 200, 200, 429]);
  });

  test("lets no stranger take all connections: the one that has said nothing for longest goes", async () => {
    another = new CredentialsServer(QUESTION, source, undefined, 3);
    const crowdedPort = await another.listen(0);
    strangers = Array.from({ length: 3 }, () => net.connect(crowdedPort, "127.0.0.1"));
    await Promise.all(strangers.map((socket) => once(socket, "connect")));
    const ends = strangers.map((socket) =>
      once(
        socket.resume().on("error", () => undefined),
        "close",
      ),
    );
    expect((await ask(crowdedPort, { authorization: TOKEN })).status).toBe(200);
    await ends[0];
    expect(strangers.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
  });

  test("keeps those that have shown the token, however many strangers come", async () => {
    let give: (given: SessionCredentials) => void = () => undefined;
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const slow = { get: () => new Promise<SessionCredentials>((resolve) => ((give = resolve), begun())) };
    another = new CredentialsServer(QUESTION, slow, undefined, 2);
    const crowdedPort = await another.listen(0);
    const waiting = ask(crowdedPort, { authorization: TOKEN });
    await hasBegun;
    strangers = Array.from({ length: 8 }, () => net.connect(crowdedPort, "127.0.0.1"));
    const ends = strangers.map((socket) =>
      once(
        socket.resume().on("error", () => undefined),
        "close",
      ),
    );
    await Promise.all(ends.slice(0, 7));
    give(credentials(1));
    expect((await waiting).status).toBe(200);
  });

  test("lets so many pass a second, and some more after a silence", () => {
    let now = 0;
    const limit = new RateLimit(10, 3, () => now);
    expect([1, 2, 3, 4].map(() => limit.pass())).toEqual([true, true, true, false]);
    now = 99;
    expect(limit.pass()).toBe(false);
    now = 150;
    expect([1, 2].map(() => limit.pass())).toEqual([true, false]);
    now = 60_000;
    expect([1, 2, 3, 4].map(() => limit.pass())).toEqual([true, true, true, false]);
  });

  test("listens on loopback only", async () => {
    const others = Object.values((await import("os")).networkInterfaces())
      .flat()
      .filter((each) => each?.family === "IPv4" && !each.internal);
    for (const { address } of others as { address: string }[]) {
      const reached = await new Promise((resolve) => {
        const request = http.get({ host: address, port }, () => resolve(true));
        request.on("error", () => resolve(false));
      });
      expect(reached).toBe(false);
    }
  });
});

describe("credentials that are renewed", () => {
  const problems: string[] = [];
  const reporter = {
    setProblem: (_topic: string, sentence: string) => problems.push(sentence),
    solve: () => problems.splice(0),
  };
  const times = { firstRetryMillis: 1, largestRetryMillis: 4, shortestPauseMillis: 1 };
  let stop: AbortController;
  let ended: Promise<void>;

  beforeEach(() => {
    problems.splice(0);
    stop = new AbortController();
    jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  });
  afterEach(async () => {
    stop.abort();
    await ended;
    jest.restoreAllMocks();
  });

  /** Gives what sets the clock forward, which stands still until then. */
  function stopClock(): (millis: number) => void {
    let now = Date.now();
    jest.spyOn(Date, "now").mockImplementation(() => now);
    return (millis) => (now += millis);
  }

  /** The first pause is over as soon as it begins. */
  const passAtOnce = () => jest.spyOn(timers, "setTimeout").mockResolvedValueOnce(undefined);

  function begin(take: () => Promise<SessionCredentials>): RenewedCredentials {
    const renewed = new RenewedCredentials("jobs", take, reporter, times);
    ended = renewed.run(stop.signal);
    return renewed;
  }

  test("are asked for once, however often they are handed out", async () => {
    let taken = 0;
    const renewed = begin(() => Promise.resolve(credentials(++taken)));
    const given = await Promise.all(Array.from({ length: 20 }, () => renewed.get(1000)));
    expect(given.map((each) => each?.accessKeyId)).toEqual(Array(20).fill("ASIA1"));
    expect(taken).toBe(1);
  });

  test("are new when half of their life is over", async () => {
    stopClock();
    const pause = passAtOnce();
    let taken = 0;
    begin(() => Promise.resolve(credentials(++taken)));
    await until(() => taken === 2);
    expect(pause.mock.calls[0][0]).toBe(30 * MINUTE);
  });

  test("are the old ones while STS is away and they are valid, and the report says so until it is back", async () => {
    const setForward = stopClock();
    passAtOnce();
    let taken = 0;
    let away = false;
    const renewed = begin(() => {
      if (away) return Promise.reject(new Error("STS is away"));
      away = true;
      return Promise.resolve(credentials(++taken));
    });
    await until(() => problems.length > 0);
    expect((await renewed.get(1))?.accessKeyId).toBe("ASIA1");
    expect(problems[0]).toMatch(/^no new credentials for jobs, and those that jobs have end at .*: STS is away$/);
    expect(problems.join()).not.toContain("secret");
    expect(renewed.failure).toMatch(/: STS is away$/);

    setForward(60 * MINUTE);
    expect(await renewed.get(1)).toBeUndefined();
    await until(() => problems.at(-1)!.includes("jobs have none"));
    away = false;
    await until(async () => (await renewed.get(1))?.accessKeyId === "ASIA2");
    expect([problems, renewed.failure]).toEqual([[], undefined]);
  });

  test("are waited for while there are none yet, with a bound", async () => {
    let give: (given: SessionCredentials) => void = () => undefined;
    const renewed = begin(() => new Promise((resolve) => (give = resolve)));
    expect(await renewed.get(5)).toBeUndefined();
    const waiting = renewed.get(10_000);
    give(credentials(1));
    expect((await waiting)?.accessKeyId).toBe("ASIA1");
  });
});

/** The files that a use names, in a folder of a test. */
function inFolder(folder: string, use: CredentialsUse): CredentialsUse {
  const { tokenFile, tokenEnvironmentFile } = use;
  const here = (file: string) => path.join(folder, path.basename(file));
  return {
    ...use,
    tokenFile: here(tokenFile),
    ...(tokenEnvironmentFile === undefined ? {} : { tokenEnvironmentFile: here(tokenEnvironmentFile) }),
  };
}

describe("the token", () => {
  let folder: string;
  let file: string;
  const owner = { uid: process.getuid!(), gid: process.getgid!() };

  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder, "token");
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test("is made once per boot, and readable by the group", async () => {
    expect(await hasToken(file)).toBe(false);
    const token = await ensureToken(file, owner);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(fs.readFileSync(file, "utf8")).toBe(token);
    expect((fs.statSync(file).mode & 0o777).toString(8)).toBe("640");
    expect(await ensureToken(file, owner)).toBe(token);
    expect(await hasToken(file)).toBe(true);
  });

  test("is another one in another boot, and where the file holds none", async () => {
    const token = await ensureToken(file, owner);
    fs.writeFileSync(file, "cut");
    expect(await ensureToken(file, owner)).not.toBe(token);
  });

  test("stands in the value of a header where a caller sends that, and stays as it is too", async () => {
    const token = await ensureToken(file, owner, "Bearer ");
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(fs.readFileSync(file, "utf8")).toBe(`Bearer ${token}`);
    expect(await ensureToken(file, owner, "Bearer ")).toBe(token);
    expect(await hasToken(file)).toBe(false);
  });
});

describe("the service, when the agent is started anew", () => {
  const spec = { roleArn: "arn:aws:iam::123456789012:role/orders-job-1", port: 0 };
  const owner = { uid: process.getuid!(), gid: process.getgid!() };
  let folder: string;
  let taken: string[];
  let isStsAway: boolean;
  let use: CredentialsUse;
  let service: RoleCredentialsService;
  let readers: () => Promise<Owner>;
  const told: string[] = [];

  beforeEach(() => {
    folder = temporaryFolder();
    taken = [];
    told.splice(0);
    readers = () => Promise.resolve(owner);
    isStsAway = false;
    use = inFolder(folder, CREDENTIALS_OF_JOBS);
    service = serviceOf(use);
    jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  });
  afterEach(async () => {
    await service.end();
    fs.rmSync(folder, { recursive: true });
  });

  function serviceOf(of: CredentialsUse): RoleCredentialsService {
    const sts = {
      take: (roleArn: string) => {
        taken.push(roleArn);
        return isStsAway ? Promise.reject(new Error("STS is away")) : Promise.resolve(credentials(1));
      },
    };
    const reporter = { setProblem: (_: string, sentence: string) => told.push(sentence), solve: () => undefined };
    return new RoleCredentialsService(of, { node: "orders-node-1" }, sts, reporter, () => readers());
  }

  test("lays the token of jobs for systemd as well, in a file of root's alone", async () => {
    await service.serve(spec);
    const token = fs.readFileSync(path.join(folder, "job-credentials-token"), "utf8");
    const environment = path.join(folder, "job-credentials-token.env");
    expect(fs.readFileSync(environment, "utf8")).toBe(`AWS_CONTAINER_AUTHORIZATION_TOKEN=${token}\n`);
    expect((fs.statSync(environment).mode & 0o777).toString(8)).toBe("600");
  });

  test("lays that of log shippers in one file, and speaks of them", async () => {
    isStsAway = true;
    const logs = serviceOf(inFolder(folder, CREDENTIALS_OF_LOG_SHIPPERS));
    await logs.serve({ ...spec, roleArn: "arn:aws:iam::123456789012:role/orders-logs-1" });
    await until(() => logs.failure() !== undefined);
    await logs.end();
    expect(fs.readdirSync(folder)).toEqual(["credentials-token"]);
    expect(told).toEqual(["no new credentials for log shippers, and log shippers have none: STS is away"]);
    expect(taken).toEqual(["arn:aws:iam::123456789012:role/orders-logs-1"]);
  });

  test("tells why nobody gives credentials of the role that it serves, and nothing of another's", async () => {
    expect(service.failure()).toBeUndefined();
    isStsAway = true;
    await service.serve(spec);
    await until(() => service.failure() !== undefined);
    expect(service.failure()).toBe("no new credentials for jobs, and jobs have none: STS is away");
    expect(service.failure(spec.roleArn)).toBe(service.failure());
    expect(service.failure("arn:aws:iam::123456789012:role/orders-job-2")).toBeUndefined();
  });

  test("serves again where it has served in this boot", async () => {
    await ensureToken(use.tokenFile, owner);
    await service.serveAgain(spec);
    expect(taken).toEqual([spec.roleArn]);
  });

  test("serves nothing where nobody can ask yet", async () => {
    await service.serveAgain(spec);
    expect([taken, fs.readdirSync(folder)]).toEqual([[], []]);
  });

  test("holds up nothing where it cannot, and serves later", async () => {
    await ensureToken(use.tokenFile, owner);
    readers = () => Promise.reject(new Error("there is no group flink on this machine"));
    await service.serveAgain(spec);
    expect(taken).toEqual([]);
    readers = () => Promise.resolve(owner);
    await service.serve(spec);
    expect(taken).toEqual([spec.roleArn]);
  });
});

describe("the agent at STS", () => {
  const before = { ...process.env };
  let services: MachineServices;
  let sts: http.Server;
  let endpoint: string;
  let answer: { status: number; text: string };
  const requests: { body: string; authorization: string }[] = [];

  beforeEach(async () => {
    requests.splice(0);
    services = await MachineServices.start();
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = services.url;
    sts = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        requests.push({ body, authorization: request.headers.authorization ?? "" });
        response.writeHead(answer.status, { "content-type": "text/xml", connection: "close" }).end(answer.text);
      });
    });
    await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(sts.address() as { port: number }).port}`;
  });

  afterEach(async () => {
    await services.stop();
    await new Promise((resolve) => sts.close(resolve));
    process.env = { ...before };
  });

  test("takes the role for an hour, in the name of the node, with the machine's own credentials", async () => {
    answer = {
      status: 200,
      text: `<AssumeRoleResponse><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIAJOB</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
        <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    };
    const role = "arn:aws:iam::123456789012:role/orders-job-1";
    expect(await new Sts("eu-west-1", endpoint).take(role, "orders-node-1")).toEqual({
      accessKeyId: "ASIAJOB",
      secretAccessKey: "s",
      sessionToken: "t",
      expiration: new Date("2026-11-22T13:00:00Z"),
    });
    const sent = new URLSearchParams(requests[0].body);
    expect(Object.fromEntries(sent)).toMatchObject({
      Action: "AssumeRole",
      RoleArn: role,
      RoleSessionName: "orders-node-1",
      DurationSeconds: "3600",
    });
    expect(requests[0].authorization).toContain("/eu-west-1/sts/aws4_request");
  });

  test("fails with STS's own word where it may not", async () => {
    answer = {
      status: 403,
      text: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
    };
    await expect(new Sts("eu-west-1", endpoint).take("arn:x", "n")).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
