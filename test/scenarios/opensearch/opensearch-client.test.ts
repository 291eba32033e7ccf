import type { CommandOptions, CommandResult } from "../../lab/command";
import type { JavaHost } from "../others/java-program";
import { documentsJobSql } from "./documents-job";
import { tryOnOpenSearch, tryToComeIn } from "./opensearch-attempts";
import { OpenSearchClient } from "./opensearch-client";
import { artifactOf } from "./opensearch-software";

interface Said {
  readonly argv: readonly string[];
  readonly input: string;
}

/** A client whose program gives these answers, in turn, however often it is run. */
function clientThatSays(answers: readonly string[], said: Said[] = []): OpenSearchClient {
  const left = [...answers];
  const host: JavaHost = {
    name: "node-1",
    exec: (argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> => {
      const input = String(options.input);
      said.push({ argv, input });
      const stdout = left.splice(0, input.split("\n").length - 1).map((answer) => `answer: ${answer}\n`);
      return Promise.resolve({ code: 0, stdout: stdout.join(""), stderr: "" });
    },
  };
  return new OpenSearchClient({ host, java: "java", classPath: [] }, { url: "https://x:1", authorities: "/a.pem" });
}

describe("calls", () => {
  test("go to the program by standard input, as bodies of JSON and of lines of it", async () => {
    const said: Said[] = [];
    const client = clientThatSays(["done 200 {}", "done 201 {}", 'done 200 {"x":1}'], said);
    const called = await client.call(
      { method: "GET", path: "/" },
      { method: "PUT", path: "/a", body: { n: 1 } },
      { method: "POST", path: "/a/_bulk", body: [{ index: {} }, { n: "é" }] },
    );
    expect(called).toEqual({ x: 1 });
    expect(said[0].argv.slice(-4)).toEqual(["OpenSearchProgram", "https://x:1", "/a.pem", "-"]);
    const [get, put, bulk] = said[0].input.split("\n");
    const bodyOf = (line: string) => Buffer.from(line.split(" ")[2], "base64").toString();
    expect(get).toBe("GET /");
    expect(bodyOf(put)).toBe('{"n":1}');
    expect(bodyOf(bulk)).toBe('{"index":{}}\n{"n":"é"}\n');
  });

  test("that fail say why, and not what was sent", async () => {
    const call = { method: "PUT", path: "/users/a", body: { password: "secret" } } as const;
    for (const answer of ["done 403 no", "failed ConnectException no"]) {
      const failure = clientThatSays([answer]).call(call);
      await expect(failure).rejects.toThrow(/^PUT \/users\/a failed: (403|ConnectException) no$/);
    }
  });
});

describe("attempts", () => {
  const written = ['done 200 {"errors":false}', 'done 200 {"errors":false}'];
  const no = 'done 403 {"error":{"reason":"no permissions for [indices:x] and User"}}';
  const count = 40;

  test("are refused by OpenSearch's own words alone", async () => {
    for (const answer of ["done 200 {}", "done 404 {}", "done 500 no permissions for [", "failed IOException x"]) {
      const outcomes = await tryOnOpenSearch(clientThatSays([...written, ...new Array<string>(count).fill(answer)]));
      expect(outcomes.filter(({ outcome }) => outcome === "refused")).toEqual([]);
    }
    const outcomes = await tryOnOpenSearch(clientThatSays([...written, ...new Array<string>(count).fill(no)]));
    // A bulk is refused line by line, and what names an index in a line by its own words.
    expect(outcomes.filter(({ outcome }) => outcome === "done").map(({ attempt }) => attempt)).toEqual([
      "as the writer: write another index in a bulk",
      "as the writer: name another index in a line of a bulk",
      "as the writer: add a field by a document",
    ]);
  });

  test("prove nothing where the user cannot write at all", async () => {
    const answers = [written[0], no, ...new Array<string>(count).fill(no)];
    await expect(tryOnOpenSearch(clientThatSays(answers))).rejects.toThrow("must work");
    const errors = ['done 200 {"errors":true}', ...new Array<string>(count).fill(no)];
    await expect(tryOnOpenSearch(clientThatSays(errors))).rejects.toThrow("must work");
  });

  test("to come in are refused by who asks for passwords, and by who speaks TLS alone", async () => {
    const outcomesOf = async (old: string, nobody: string, plain: string) => {
      const [withOldPassword, asNobody, withoutTls] = [old, nobody, plain].map((answer) => clientThatSays([answer]));
      const outcomes = await tryToComeIn({ withOldPassword, asNobody, withoutTls });
      return outcomes.map(({ outcome }) => outcome);
    };
    const refused = ["done 401 Unauthorized", "done 401 Unauthorized", "failed IOException no bytes"] as const;
    expect(await outcomesOf(...refused)).toEqual(["refused", "refused", "refused"]);
    expect(await outcomesOf("done 200 {}", "done 403 {}", "done 400 {}")).toEqual(["done", "done", "done"]);
    const away = "failed ConnectException refused";
    expect(await outcomesOf(away, away, away)).toEqual(["done", "done", "done"]);
  });
});

test("the job writes into an index, into those of a field, and into one whose documents go again", () => {
  const numbers = { numbersPerSecond: 1, lastNumber: 9, parallelism: 2, checkpointIntervalSeconds: 5 };
  const sql = documentsJobSql({ connection: "search", bucket: "b", prefix: "out", ...numbers });
  expect(sql.match(/'connector'='opensearch',\n {2}'connection'='search'/g)).toHaveLength(3);
  for (const index of ["orders-numbers", "orders-{kind}", "orders-latest"]) expect(sql).toContain(`'index'='${index}'`);
  expect(sql).toContain("'path'='s3a://b/out'");
});

test("jars are known again in another version", () => {
  expect(artifactOf("log4j-api-2.21.0.jar")).toBe("log4j-api");
  expect(artifactOf("bcpkix-jdk18on-1.78.1.jar")).toBe("bcpkix-jdk18on");
  expect(artifactOf("netty-common-4.1.121.Final.jar")).toBe("netty-common");
});
