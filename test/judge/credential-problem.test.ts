import { refusal } from "../lab/fabric/refusal";
import { issuedBy } from "../lab/judge/principals";
import { Bench, form, kms, Sent } from "./bench";
import { ACCOUNT } from "./synthesized-account";

const MINUTE = 60_000;
const bench = new Bench();
const machine = bench.credentials("machine");
const list: Sent = { bucket: bench.bucket, path: "/?list-type=2&prefix=ha/orders" };
const getKey = kms("GetPublicKey", { KeyId: bench.key("node-authority") });

afterEach(() => (bench.now = Date.now));

/** What a call of the machine is refused as, once the clock of AWS is so far ahead of the machine's. */
async function refusedAfter(milliseconds: number, sent: Sent = getKey): Promise<string | undefined> {
  const call = await bench.call(machine, sent);
  bench.now = () => Date.now() + milliseconds;
  const { allowed, code, reason } = await bench.judge.judge(call);
  return allowed ? undefined : `${code}: ${reason}`;
}

test("a call that was signed a moment ago is good", async () => {
  expect(await refusedAfter(0)).toBeUndefined();
});

test("a key is good until it expires", async () => {
  expect(await refusedAfter(machine.expires - Date.now() + 1000)).toMatch(/^ExpiredToken: .*\(caller\): .* expired at/);
});

test("a clock may be a quarter of an hour off, and no more", async () => {
  for (const sign of [1, -1]) {
    expect(await refusedAfter(sign * 14 * MINUTE)).toBeUndefined();
    expect(await refusedAfter(sign * 16 * MINUTE)).toMatch(/^SignatureDoesNotMatch: .*: signed 16 minutes a(go|head)$/);
  }
  expect(await refusedAfter(16 * MINUTE, { ...list })).toMatch(/^RequestTimeTooSkewed: /);
});

test("a signature is good for the service and the region that it was made for", async () => {
  const elsewhere = async (host: string, sent: Sent) => {
    const call = await bench.call(machine, { ...sent, host });
    const { allowed, code, reason } = await bench.judge.judge(call);
    return allowed ? undefined : `${code}: ${reason}`;
  };
  expect(await elsewhere("kms.eu-west-1.amazonaws.com", getKey)).toBeUndefined();
  expect(await elsewhere("kms.us-east-1.amazonaws.com", getKey)).toMatch(/sent to kms in us-east-1$/);
  expect(await elsewhere("sts.eu-west-1.amazonaws.com", getKey)).toMatch(/sent to sts in eu-west-1$/);
  expect(await elsewhere(`${bench.bucket}.s3.amazonaws.com`, list)).toMatch(/^AuthorizationHeaderMalformed: /);
});

test("a scope is of the day of the call", async () => {
  const call = await bench.call(machine, getKey);
  const authorization = String(call.headers.authorization).replace(/\/\d{8}\//, "/20200101/");
  const { allowed, reason } = await bench.judge.judge({ ...call, headers: { ...call.headers, authorization } });
  expect(allowed).toBe(false);
  expect(reason).toMatch(/the scope is of 20200101/);
});

test("an expired key is called so in the words of each protocol", async () => {
  const verdict = { allowed: false, reason: "over", code: "ExpiredToken" };
  const ofS3 = refusal(await bench.call(machine, list), verdict);
  expect(ofS3).toMatchObject({ status: 400, body: expect.stringContaining("<Code>ExpiredToken</Code>") });
  const ofKms = refusal(await bench.call(machine, getKey), verdict);
  expect(JSON.parse(ofKms.body)).toMatchObject({ __type: "ExpiredTokenException" });
});

describe("a role that is taken", () => {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${bench.roleNamed("job")}`;
  const taking = (more: Readonly<Record<string, string>>) =>
    bench.outcome("machine", form("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "n", ...more }));

  test.each([
    ["Policy", "{}"],
    ["PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ["Tags.member.1.Key", "team"],
    ["SourceIdentity", "me"],
  ])("with %s is nothing that the judge knows", async (name, value) => {
    expect(await taking({ [name]: value })).toMatch(/^judge: /);
    expect(await taking({})).toBe("allowed");
  });

  const answer = (expiration: string) => `<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
    <SessionToken>t</SessionToken>${expiration}</Credentials>
    <Arn>arn:aws:sts::${ACCOUNT}:assumed-role/job/n</Arn>`;

  test("is held as long as STS says, and not at all where it does not say", () => {
    const time = "2026-01-01T00:00:00Z";
    expect(issuedBy(answer(`<Expiration>${time}</Expiration>`))?.expires).toBe(Date.parse(time));
    expect(issuedBy(answer(""))).toBeUndefined();
    expect(issuedBy(answer("<Expiration>soon</Expiration>"))).toBeUndefined();
  });
});
