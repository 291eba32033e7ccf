import { ApiCall } from "../lab/fabric/api-call";
import { signatureProblem } from "../lab/judge/signature";
import { Bench, form, Sent } from "./bench";

const bench = new Bench();
const key = bench.credentials("machine");
const object: Sent = {
  method: "PUT",
  bucket: bench.bucket,
  path: "/a/b%20c%2Bd?partNumber=1&uploadId=x%2Fy",
  body: "content",
};

describe("a signature", () => {
  test("holds for the call that it was made of", async () => {
    expect(await signatureProblem(await bench.call(key, object), key)).toBeUndefined();
    const list = { bucket: bench.bucket, path: "/?list-type=2&prefix=a%2F%C3%A9%20&delimiter=%2F" };
    expect(await signatureProblem(await bench.call(key, list), key)).toBeUndefined();
    const sts = form("sts", { Action: "GetCallerIdentity", Version: "2011-06-15" });
    expect(await signatureProblem(await bench.call(key, sts), key)).toBeUndefined();
  });

  test("holds however the client wrote the path", async () => {
    const call = await bench.call(key, { bucket: bench.bucket, path: "/a/b%3Dc%2Bd/%28e%29" });
    expect(await signatureProblem({ ...call, path: "/a/b=c+d/(e)" }, key)).toBeUndefined();
  });

  test("covers headers that clients sign beside the usual ones", async () => {
    const headers = {
      ...{ "user-agent": "aws-sdk-java/1.12.779 Linux/6.1  OpenJDK", "amz-sdk-retry": "0/0/500" },
      ...{ "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x-amz-decoded-content-length": "7" },
    };
    const call = await bench.call(key, { ...object, headers });
    expect(await signatureProblem(call, key)).toBeUndefined();
    const changed = { ...call, headers: { ...call.headers, "x-amz-decoded-content-length": "8" } };
    expect(await signatureProblem(changed, key)).toMatch(/not the one/);
  });

  test.each<[string, (call: ApiCall) => ApiCall]>([
    ["method", (call) => ({ ...call, method: "DELETE" })],
    ["path", (call) => ({ ...call, path: call.path.replace("/a/", "/z/") })],
    ["query", (call) => ({ ...call, path: call.path.replace("partNumber=1", "partNumber=2") })],
    ["host", (call) => ({ ...call, headers: { ...call.headers, host: "other.s3.eu-west-1.amazonaws.com" } })],
    ["digest", (call) => ({ ...call, headers: { ...call.headers, "x-amz-content-sha256": "0".repeat(64) } })],
    ["date", (call) => ({ ...call, headers: { ...call.headers, "x-amz-date": "20200101T000000Z" } })],
  ])("does not hold for another %s", async (_, change) => {
    expect(await signatureProblem(change(await bench.call(key, object)), key)).toMatch(/not the one/);
  });

  test("does not hold for another body of a call that names its action in it", async () => {
    const call = await bench.call(key, form("sts", { Action: "GetCallerIdentity" }));
    const body = Buffer.from("Action=AssumeRole");
    expect(await signatureProblem({ ...call, body }, key)).toMatch(/not the one/);
  });

  test("does not hold without the session's token, without a date, or of a kind that is not known", async () => {
    const call = await bench.call(key, object);
    const without = (name: string) => ({ ...call, headers: { ...call.headers, [name]: undefined } });
    expect(await signatureProblem(without("x-amz-security-token"), key)).toMatch(/token/);
    expect(await signatureProblem(without("x-amz-date"), key)).toMatch(/x-amz-date/);
    expect(await signatureProblem(without("authorization"), key)).toMatch(/no way that is known/);
  });
});
