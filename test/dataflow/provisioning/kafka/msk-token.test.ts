import { createHmac, createHash } from "node:crypto";
import { mskToken } from "../../../../lib/dataflow/provisioning/kafka/msk-token";

const CREDENTIALS = { accessKeyId: "ASIAFUNCTION", secretAccessKey: "key", sessionToken: "session/+=" };
const HOST = "kafka.eu-west-1.amazonaws.com";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

test("is an address that the role signed, as Amazon MSK looks at it", async () => {
  const address = new URL(Buffer.from(await mskToken("eu-west-1", CREDENTIALS), "base64url").toString());
  const query = address.searchParams;
  expect(address.origin + address.pathname).toBe(`https://${HOST}/`);
  expect(Object.fromEntries(query)).toEqual({
    Action: "kafka-cluster:Connect",
    "User-Agent": "cdktf-flink",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": expect.stringMatching(
      /^ASIAFUNCTION\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/,
    ) as string,
    "X-Amz-Date": expect.stringMatching(/^\d{8}T\d{6}Z$/) as string,
    "X-Amz-Expires": "900",
    "X-Amz-Security-Token": "session/+=",
    "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    "X-Amz-SignedHeaders": "host",
  });

  // Signature Version 4, anew from what it says: all but the client's name and the signature itself is signed.
  const date = query.get("X-Amz-Date")!;
  const scope = `${date.slice(0, 8)}/eu-west-1/kafka-cluster/aws4_request`;
  const signed = [...query]
    .filter(([name]) => !["User-Agent", "X-Amz-Signature"].includes(name))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .sort()
    .join("&");
  const request = ["GET", "/", signed, `host:${HOST}\n`, "host", sha256("")].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(request)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((from, part) => hmac(from, part), "AWS4key");
  expect(query.get("X-Amz-Signature")).toBe(hmac(key, toSign).toString("hex"));
});
