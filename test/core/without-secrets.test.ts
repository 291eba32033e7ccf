import { refuse, showValue } from "../../lib/core/validation";
import { withoutSecrets } from "../../lib/core/without-secrets";

const SECRET = "hunter2";

test.each<[unknown, string]>([
  [{ username: "flink", password: SECRET }, '{"username":"flink","password":"…"}'],
  [{ login: { dbPassword: SECRET } }, '{"login":{"dbPassword":"…"}}'],
  [[{ secret: SECRET }], '[{"secret":"…"}]'],
  [`postgresql://flink:${SECRET}@db.internal/orders`, '"postgresql://flink:…@db.internal/orders"'],
  [`flink:${SECRET}@db.internal`, '"flink:…@db.internal"'],
  [`jdbc:postgresql://db/orders?password=${SECRET}&ssl=true`, '"jdbc:postgresql://db/orders?password=…&ssl=true"'],
  [[`https://u:${SECRET}/@x@db`], '["https://u:…@db"]'],
  [`CREATE USER x PASSWORD '${SECRET}'`, '"CREATE USER x PASSWORD …"'],
  [`alter role x\n  with encrypted password\n E'a ''${SECRET}'`, '"alter role x\\n with encrypted password\\n …"'],
  [{ toString: () => `https://u:${SECRET}@db` }, "https://u:…@db"],
])("a message does not show the secret of %j", (value, shown) => {
  expect(showValue(value)).toBe(shown);
});

test("nor the secret that an input is", () => {
  const given = { value: SECRET, allowed: "left out", remedy: "leave it out" };
  expect(() => refuse({ ...given, property: 'flinkConfiguration["s3.secret-key"]' })).toThrow(
    /^flinkConfiguration\["s3\.secret-key"\] is …, but must be left out/,
  );
});

test("the option of something that is called after a secret is shown", () => {
  const given = { value: "name", allowed: "an ARN", remedy: "name it" };
  expect(() => refuse({ ...given, property: "secretArn of PostgreSqlAuthentication.password" })).toThrow(
    'is "name", but',
  );
  expect(() => refuse({ ...given, property: "the argument of PostgreSqlAuthentication.password" })).toThrow(
    "is …, but",
  );
});

test.each([
  { secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/orders+=.@-AbCdEf" },
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/orders+=.@-AbCdEf",
  { host: "db.internal", port: "5432" },
  "broker:9096",
  "https://search.example.internal:9200/",
  "the password of a user",
  "CREATE TABLE password (name text)",
])("what is no secret is shown as it is: %j", (value) => {
  expect(showValue(value)).toBe(JSON.stringify(value));
});

test("a long text of many beginnings of a login takes no time that grows with its square", () => {
  const text = "https://a:b".repeat(1 << 16);
  expect(withoutSecrets(text)).toBe(text);
  expect(withoutSecrets(`${text}@db`)).toBe("https://a:…@db");
});

test("a password may be of any length, such as a token that another system signed", () => {
  expect(withoutSecrets(`cannot reach redis://flink:${"x".repeat(5000)}@cache: closed`)).toBe(
    "cannot reach redis://flink:…@cache: closed",
  );
});
