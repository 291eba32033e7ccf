import { Hit } from "./place";
import { mistakesOf, plant } from "./planted";
import { Secret } from "./secret";
import { Finding, findingsOf, notSeenAtHome, Searched, tellSearch } from "./verdict";

const HOME = { machine: "node-1", file: "/key.pem" };
const SECRETS: Secret[] = [
  { name: "the key", parts: [], holders: [{ machine: "node-1", user: "flink-jobmanager" }], home: HOME },
];

function searched(hit: Partial<Hit>, machine = "node-1", place = "files"): Searched {
  const hits = [{ secret: 0, form: "verbatim", where: "/x", ...hit }];
  return { place, machine, things: 2, bytes: 1024 ** 2, hits };
}

describe("a secret that was found", () => {
  test("is a finding where it is for nobody, whoever may have it elsewhere", () => {
    expect(findingsOf([searched({})], SECRETS)).toEqual([
      { secret: "the key", place: "files", where: "node-1: /x (verbatim)" },
    ]);
    const account = { ...searched({ where: "bucket/x" }), machine: undefined };
    expect(findingsOf([account], SECRETS)).toEqual([
      { secret: "the key", place: "files", where: "bucket/x (verbatim)" },
    ]);
  });

  test("is none where only root and who may have it can read it", () => {
    expect(findingsOf([searched({ readers: [] })], SECRETS)).toEqual([]);
    expect(findingsOf([searched({ readers: ["flink-jobmanager"] })], SECRETS)).toEqual([]);
  });

  test("is one where another can read it, and where its holder is that of another machine", () => {
    expect(findingsOf([searched({ readers: ["nobody", "flink-jobmanager"] })], SECRETS)).toMatchObject([
      { where: "node-1: /x (verbatim), readable by nobody" },
    ]);
    expect(findingsOf([searched({ readers: ["flink-jobmanager"] }, "node-2")], SECRETS)).toHaveLength(1);
  });

  test("must be found where it belongs", () => {
    const home = { where: HOME.file, readers: [] };
    expect(notSeenAtHome([searched(home)], SECRETS)).toEqual([]);
    for (const elsewhere of [searched({}), searched(home, "node-2")]) {
      expect(notSeenAtHome([elsewhere], SECRETS)).toEqual(["the key"]);
    }
  });
});

test("a table tells place by place what was searched and found", () => {
  const all = [searched({}), searched({ readers: [] }, "node-2"), searched({}, "node-1", "journal")];
  const row = { MiB: "1.0", things: 2, machines: 1, "where they belong": 0, findings: 1 };
  expect(tellSearch(all, SECRETS)).toEqual([
    { place: "files", MiB: "2.0", things: 4, machines: 2, "where they belong": 1, findings: 1 },
    { place: "journal", ...row },
  ]);
});

describe("a search for planted secrets", () => {
  const open = plant("open", ["files", "logs"], { perhapsIn: ["journal"] });
  const closed = plant("closed", []);
  const found = ({ secret }: typeof open, place: string): Finding => ({ secret: secret.name, place, where: "x" });

  test("makes no mistake where it finds them in all their places, and nothing else", () => {
    const all = ["files", "logs"].map((place) => found(open, place));
    expect(mistakesOf([open, closed], all)).toEqual([]);
    expect(mistakesOf([open, closed], [...all, found(open, "journal")])).toEqual([]);
  });

  test("makes one for each place that it does not see, and each that holds none", () => {
    expect(mistakesOf([open, closed], [found(open, "files"), found(closed, "files")])).toEqual([
      "planted: open: not found in logs",
      "planted: closed: found in files, where it does not lie for others to read",
    ]);
    expect(mistakesOf([open], [found(open, "files"), found(open, "logs"), found(open, "user data")])).toHaveLength(1);
  });

  test("has a marker of its own for each", () => {
    expect(open.secret.parts).not.toEqual(closed.secret.parts);
    expect(open.secret.parts[0].length).toBeGreaterThanOrEqual(24);
  });
});
