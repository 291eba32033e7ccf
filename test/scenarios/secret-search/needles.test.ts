import { randomBytes } from "crypto";
import { Matcher } from "./matcher";
import { needlesOf } from "./needles";
import { Secret } from "./secret";

function secret(name: string, ...parts: (Buffer | string)[]): Secret {
  return { name, parts: parts.map((part) => Buffer.from(part as string)), holders: [] };
}

function formsIn(one: Secret, text: Buffer | string): string[] {
  const found = new Matcher(needlesOf([one])).search(Buffer.from(text as string));
  return [...new Set(found.map(({ form }) => form))];
}

const TOKEN = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

describe("a secret is found", () => {
  const found: [form: string, text: string][] = [
    ["verbatim", `aws_secret_access_key = ${TOKEN}\n`],
    ["verbatim", `cut off: ${TOKEN.slice(0, 30)}...`],
    ["verbatim", `cut off: ...${TOKEN.slice(-26)}`],
    ["URL-encoded", `https://x/?key=${encodeURIComponent(TOKEN)}&y`],
    ["hex", Buffer.from(`a${TOKEN}b`).toString("hex")],
    ["hex", Buffer.from(TOKEN).toString("hex").toUpperCase()],
    ["hex with colons", [...Buffer.from(TOKEN)].map((byte) => byte.toString(16)).join(":")],
    ...["", "x", "xy"].map((before): [string, string] => [
      "base64",
      Buffer.from(`${before}key=${TOKEN};`).toString("base64"),
    ]),
  ];
  test.each(found)("%s in %s", (form, text) => expect(formsIn(secret("token", TOKEN), text)).toContain(form));

  test("in base64 that is broken into lines of any usual length, wherever it begins", () => {
    const key = randomBytes(96);
    for (const before of [0, 1, 2, 50, 333]) {
      for (const width of [64, 76]) {
        const text = Buffer.concat([randomBytes(before), key, randomBytes(40)]).toString("base64");
        const lines = text.match(new RegExp(`.{1,${width}}`, "g"))!.join("\n");
        expect(formsIn(secret("key", key), lines)).toContain("base64");
      }
    }
  });

  test("in base64 for URLs, and in base64 within a URL", () => {
    // All of its digits are / and +.
    const key = Buffer.from("//++".repeat(12), "base64");
    expect(formsIn(secret("key", key), key.toString("base64url"))).toContain("base64url");
    expect(formsIn(secret("key", key), encodeURIComponent(key.toString("base64")))).toContain("base64, URL-encoded");
  });
});

test("text that is not the secret is none, close as it may be", () => {
  const other = TOKEN.split("").reverse().join("");
  expect(formsIn(secret("token", TOKEN), `${other} ${TOKEN.toLowerCase()} ${TOKEN.slice(0, 20)}`)).toEqual([]);
});

test("what secrets have in common tells none of them", () => {
  const common = "IQoJb3JpZ2luX2VjEXAMPLE/////////";
  const [one, other] = ["a", "b"].map((letter) => secret(letter, common + letter.repeat(40)));
  const matcher = new Matcher(needlesOf([one, other]));
  expect(matcher.search(Buffer.from(`${common}.`))).toEqual([]);
  expect(new Set(matcher.search(one.parts[0]).map((needle) => needle.secret))).toEqual(new Set([0]));
});

test("refuses secrets that could not be found or told apart", () => {
  expect(() => needlesOf([secret("none")])).toThrow("none: there is nothing to look for");
  expect(() => needlesOf([secret("short", "changeit")])).toThrow("short: a part of it has less than 24 bytes");
  expect(() => needlesOf([secret("one", TOKEN), secret("two", TOKEN)])).toThrow("one: another secret is the same");
});
