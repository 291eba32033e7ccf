import { execFileSync, spawn } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { SignatureV4 } from "@smithy/signature-v4";
import { MachineServices } from "./support/machine-services";
import { Sha256 } from "./support/sha256";
import { archivePart, filePart, PublishedPart, sha256, temporaryFolder } from "./support/software";

const SOURCE = path.resolve(__dirname, "../../lib/node/bootstrap/bootstrap.py");
const DRIVER = path.join(__dirname, "support/bootstrap_driver.py");
const STATE = "state-bucket/desired-state/orders.json";

const nodeJs = archivePart("nodejs", { "bin/node": "the program", "README.md": "x".repeat(200_000) });
const agent = filePart("agent", "the agent", "agent.js");
const goodState = JSON.stringify({ schemaVersion: 1, cluster: "orders", nodeJs: nodeJs.item, agent: agent.item });

function keyOf(part: PublishedPart): string {
  return `software-bucket/${part.item.key}`;
}

interface Run {
  readonly exitCode: number;
  readonly output: string;
  readonly executed?: { program: string; arguments: string[]; environment: Record<string, string> };
  readonly pauses: number[];
}

describe("bootstrap.py", () => {
  let services: MachineServices;
  let prefix: string;

  beforeEach(async () => {
    services = await MachineServices.start();
    prefix = temporaryFolder();
    const identity = {
      cluster: "orders",
      bucket: "state-bucket",
      softwareBucket: "software-bucket",
      region: "eu-west-1",
      dnsSuffix: "amazonaws.com",
    };
    fs.writeFileSync(path.join(prefix, "identity.json"), JSON.stringify(identity));
    services.objects.set(STATE, Buffer.from(goodState));
    for (const part of [nodeJs, agent]) services.objects.set(keyOf(part), part.bytes);
  });

  afterEach(async () => {
    await services.stop();
    fs.rmSync(prefix, { recursive: true });
  });

  function folderOf(part: PublishedPart): string {
    return path.join(prefix, "software", `${part.item.name}-1.2.3-${part.item.sha256.slice(0, 12)}`);
  }

  function run(): Promise<Run> {
    return new Promise((resolve, reject) => {
      const child = spawn("python3", [DRIVER, SOURCE, prefix, services.url], { timeout: 50_000 });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += String(data)));
      child.on("error", reject);
      child.on("close", (code) => {
        const line = (word: string) => new RegExp(`^${word} (.*)$`, "m").exec(output)?.[1];
        const executed = line("EXECUTE");
        resolve({
          exitCode: code ?? -1,
          output,
          ...(executed ? { executed: JSON.parse(executed) as Run["executed"] } : {}),
          pauses: JSON.parse(line("PAUSES") ?? "[]") as number[],
        });
      });
    });
  }

  function expectBecameAgent(result: Run): void {
    expect(result.output).toContain("EXECUTE");
    expect(result.exitCode).toBe(0);
    expect(result.executed!.program).toBe(`${folderOf(nodeJs)}/bin/node`);
    expect(result.executed!.arguments.slice(1)).toEqual(["--use-system-ca", `${folderOf(agent)}/agent.js`]);
    expect(fs.readFileSync(`${folderOf(nodeJs)}/bin/node`, "utf8")).toBe("the program");
    expect(fs.readFileSync(`${folderOf(agent)}/agent.js`, "utf8")).toBe("the agent");
    const left = fs.readdirSync(path.join(prefix, "software")).filter((name) => /\.(part|tmp)$/.test(name));
    expect(left).toEqual([]);
  }

  test("fetches the state, Node.js and the agent, and becomes the agent", async () => {
    const result = await run();
    expectBecameAgent(result);
    expect(result.pauses).toEqual([]);
    expect(result.executed!.environment.CDKTF_FLINK_LOCK_FD).toMatch(/^\d+$/);
    expect(fs.readFileSync(path.join(prefix, "state/fetched.json"), "utf8")).toBe(goodState);
    const version = JSON.parse(fs.readFileSync(path.join(prefix, "state/fetched.version.json"), "utf8")) as unknown;
    expect(version).toEqual({ versionId: "version-1", sha256: sha256(Buffer.from(goodState)) });
    expect(services.requestsOf(STATE)[0].headers["x-amz-security-token"]).toBe("SESSION");
  });

  test("its signatures are those of Signature Version 4", async () => {
    services.faults.set(keyOf(nodeJs), [{ cutAfter: 100 }]);
    await run();
    const signed = services.requests.filter(({ headers }) => headers.authorization);
    expect(signed.some(({ headers }) => headers.range)).toBe(true);
    for (const request of signed) {
      const headers = Object.fromEntries(
        ["host", "range", "x-amz-content-sha256", "x-amz-date"].flatMap((name) => {
          const value = request.headers[name];
          return value === undefined ? [] : [[name, String(value)]];
        }),
      );
      const date = String(headers["x-amz-date"]).replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
      const signer = new SignatureV4({
        service: "s3",
        region: "eu-west-1",
        credentials: { accessKeyId: "KEY", secretAccessKey: "SECRET", sessionToken: "SESSION" },
        sha256: Sha256,
        uriEscapePath: false,
        applyChecksum: false,
      });
      const { hostname, port, protocol } = new URL(services.url);
      // In production the bucket stands in the host name; the stand-in has it in front of the path.
      const path = request.path.replace(/^\/[^/]+/, "");
      const plain = { method: "GET", protocol, hostname, port: Number(port), path, headers, query: {} };
      const expected = await signer.sign(plain, { signingDate: new Date(date), signableHeaders: new Set(["range"]) });
      expect(request.headers.authorization).toBe(expected.headers.authorization);
    }
  });

  test("run again it fetches no part again", async () => {
    await run();
    services.requests.length = 0;
    expectBecameAgent(await run());
    expect(services.requests.filter(({ path }) => path.includes("/software/"))).toEqual([]);
  });

  test("starts from the applied state without the bucket", async () => {
    await run();
    fs.renameSync(path.join(prefix, "state/fetched.json"), path.join(prefix, "state/desired-state.json"));
    services.requests.length = 0;
    services.objects.clear();
    expectBecameAgent(await run());
    expect(services.requests).toEqual([]);
  });

  test("an applied state that cannot be read is fetched anew", async () => {
    fs.mkdirSync(path.join(prefix, "state"));
    fs.writeFileSync(path.join(prefix, "state/desired-state.json"), "{ cut");
    expectBecameAgent(await run());
  });

  test.each([
    ["a permission that is not there yet", STATE, { status: 403 }, /reading the desired state failed.*403.*Refused403/],
    ["an object that is not there yet", STATE, { status: 404 }, /reading the desired state failed.*404/],
    ["a server that fails", STATE, { status: 503 }, /503/],
    ["a state that is no JSON", STATE, { body: Buffer.from("<html>") }, /JSONDecodeError/],
    ["a state of another form", STATE, { body: Buffer.from("[]") }, /reading the desired state failed \(TypeError/],
    ["a state without the agent", STATE, { body: Buffer.from('{"nodeJs":1}') }, /reading the desired state failed/],
    ["a part that is not there yet", keyOf(nodeJs), { status: 404 }, /fetching nodejs failed/],
    ["wrong bytes", keyOf(agent), { body: Buffer.from("the AGENT") }, /SHA-256 of agent is wrong: thrown away/],
    ["too many bytes", keyOf(agent), { body: Buffer.from("the agent, and more") }, /SHA-256 of agent is wrong/],
  ])("gets over %s", async (_name, key, fault, message) => {
    services.faults.set(key, [fault, fault, fault]);
    const result = await run();
    expectBecameAgent(result);
    expect(result.output).toMatch(message);
    expect(result.pauses).toHaveLength(3);
    for (const [index, pause] of result.pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(2 ** index / 2);
      expect(pause).toBeLessThanOrEqual(2 ** index);
    }
  });

  test("waits no longer than 30 seconds, however often it fails", async () => {
    services.faults.set(
      STATE,
      Array.from({ length: 9 }, () => ({ status: 500 })),
    );
    const result = await run();
    expectBecameAgent(result);
    expect(Math.max(...result.pauses)).toBeLessThanOrEqual(30);
    expect(Math.min(...result.pauses.slice(5))).toBeGreaterThanOrEqual(15);
  });

  test("a download that is cut goes on where it broke off", async () => {
    const cut = nodeJs.bytes.length - 100;
    services.faults.set(keyOf(nodeJs), [{ cutAfter: cut }]);
    expectBecameAgent(await run());
    const ranges = services.requestsOf(keyOf(nodeJs)).map(({ headers }) => headers.range);
    expect(ranges).toEqual([undefined, `bytes=${cut}-`]);
  });

  test("a rest of another file is thrown away", async () => {
    fs.mkdirSync(path.join(prefix, "software"));
    fs.writeFileSync(`${folderOf(agent)}.part`, "bytes of something else, too long");
    const result = await run();
    expectBecameAgent(result);
    expect(result.pauses).toHaveLength(1);
  });

  test("names that would leave the folder are refused", async () => {
    const evil = { ...agent.item, name: "../../../evil" };
    const state = JSON.stringify({ nodeJs: nodeJs.item, agent: evil });
    services.faults.set(STATE, [{ body: Buffer.from(state) }]);
    const result = await run();
    expectBecameAgent(result);
    expect(result.output).toContain("is no plain name");
  });

  describe("on the machine's console", () => {
    const kernelLog = (): string => path.join(prefix, "kmsg");
    const shown = (): string[] => fs.readFileSync(kernelLog(), "utf8").split("\n").slice(0, -1);
    const refusal = (code: string, id: string): Buffer =>
      Buffer.from(`<Error><Code>${code}</Code><Message>No</Message><RequestId>${id}</RequestId></Error>`);
    const ofState = (why: string): string =>
      `<11>flink-bootstrap: reading the desired state failed (${why}); asked last: ${services.url}/${STATE}`;
    const done = (): string[] => [
      ...[nodeJs, agent].map((part) => `<11>flink-bootstrap: laid out ${folderOf(part)}`),
      "<11>flink-bootstrap: has all that it needs now",
    ];

    beforeEach(() => fs.writeFileSync(kernelLog(), ""));

    test("stands why it fails, once for each reason, and that it is well again", async () => {
      services.faults.set(STATE, [
        { status: 403, body: refusal("AccessDenied", "A7") },
        { status: 403, body: refusal("AccessDenied", "B3") },
        { status: 403, body: refusal("KMS.DisabledException", "C5") },
        { status: 404, body: refusal("NoSuchKey", "D1") },
        { status: 404, body: refusal("NoSuchKey", "E9") },
      ]);
      const result = await run();
      expectBecameAgent(result);
      expect(result.pauses).toHaveLength(5);
      expect(shown()).toEqual([
        ofState("HTTPError: HTTP Error 403: Forbidden AccessDenied No"),
        ofState("HTTPError: HTTP Error 403: Forbidden KMS.DisabledException No"),
        ofState("HTTPError: HTTP Error 404: Not Found NoSuchKey No"),
        ...done(),
      ]);
    });

    test("stands no more than what was laid out where nothing fails, and nothing at a later start", async () => {
      await run();
      expect(shown()).toEqual(done().slice(0, -1));
      await run();
      expect(shown()).toEqual(done().slice(0, -1));
    });

    test("reasons that take turns, or differ in numbers alone, do not fill it", async () => {
      fs.mkdirSync(path.join(prefix, "state"));
      fs.writeFileSync(path.join(prefix, "state/desired-state.json"), "{ cut");
      services.faults.set(keyOf(nodeJs), [{ cutAfter: 50 }, { cutAfter: 50 }, { cutAfter: 50 }]);
      const result = await run();
      expectBecameAgent(result);
      expect(result.output.match(/ was cut at \d+ bytes/g)).toHaveLength(3);
      expect(shown()).toEqual([
        expect.stringContaining("the applied desired state cannot be read"),
        expect.stringContaining("fetching nodejs failed (ValueError: nodejs was cut at 50 bytes)"),
        ...done(),
      ]);
    });

    test("a reason that comes back after others held for long is shown again", async () => {
      const [no, away] = [{ status: 403 }, { status: 404 }];
      services.faults.set(STATE, [no, ...Array.from({ length: 10 }, () => away), no]);
      expectBecameAgent(await run());
      expect(shown().map((line) => /Refused\d+/.exec(line)?.[0])).toEqual([
        ...["Refused403", "Refused404", "Refused403"],
        ...done().map(() => undefined),
      ]);
    });

    test("whatever answers, a reason is one line of printable characters that the kernel takes", async () => {
      const body = Buffer.from(`\u001b[2J\n<0>panic\r\u0000\u009b\u202e\u2028\ufffd${"é".repeat(990)}`);
      services.faults.set(STATE, [
        { status: 403, body },
        { status: 502, body: Buffer.from([0xff, 0xc3, 0x0a, 0x1b]) },
      ]);
      const result = await run();
      expectBecameAgent(result);
      const [first, second, ...rest] = shown();
      expect(rest).toEqual(done());
      expect(first).toContain("HTTP Error 403: Forbidden  [2J <0>panic");
      expect(Buffer.byteLength(first)).toBeGreaterThan(780);
      expect(fs.readFileSync(kernelLog()).indexOf("\n")).toBe(800);
      for (const text of [first, second, ...result.output.split("\n")]) {
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    });

    test("where there is none, none is made; one that nobody reads is not waited for", async () => {
      services.faults.set(STATE, [{ status: 403 }]);
      fs.rmSync(kernelLog());
      expectBecameAgent(await run());
      expect(fs.existsSync(kernelLog())).toBe(false);
      execFileSync("mkfifo", [kernelLog()]);
      services.faults.set(STATE, [{ status: 403 }]);
      expectBecameAgent(await run());
    });
  });

  test("takes no arguments: what it speaks to is fixed in production", () => {
    const source = fs.readFileSync(SOURCE, "utf8");
    expect(source).toContain("    Bootstrap().run()\n");
    expect(source).toContain('console="/dev/kmsg"');
    expect(source).not.toMatch(/environ\.get|getenv|environ\[/);
  });
});
