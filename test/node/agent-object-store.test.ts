import { buffer } from "stream/consumers";
import { S3ObjectStore } from "../../lib/node/agent/object-store";
import { AGE_SECONDS, MachineServices } from "./support/machine-services";

describe("the object store of the agent", () => {
  const before = { ...process.env };
  let services: MachineServices;
  let store: S3ObjectStore;

  beforeEach(async () => {
    services = await MachineServices.start();
    // The SDK's own variables; the unit of the agent sets none of them.
    process.env.AWS_ENDPOINT_URL_S3 = services.url;
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = services.url;
    // Keys that must not be used: the machine's role is the only identity.
    process.env.AWS_ACCESS_KEY_ID = "OTHER";
    process.env.AWS_SECRET_ACCESS_KEY = "OTHER";
    store = new S3ObjectStore("eu-west-1");
    services.objects.set("bucket/a/key.json", Buffer.from("0123456789"));
  });

  afterEach(async () => {
    await services.stop();
    process.env = { ...before };
  });

  test("reads with the role of the machine, from a byte on if asked", async () => {
    const whole = await store.open("bucket", "a/key.json", 0);
    expect([whole.resumed, whole.versionId, String(await buffer(whole.body))]).toEqual([
      false,
      "version-1",
      "0123456789",
    ]);
    const rest = await store.open("bucket", "a/key.json", 4);
    expect([rest.resumed, String(await buffer(rest.body))]).toEqual([true, "456789"]);
  });

  test("tells the version without the bytes", async () => {
    expect(await store.currentVersion("bucket", "a/key.json")).toBe("version-1");
  });

  test("writes", async () => {
    await store.write("bucket", "reports/orders/n.json", "{}\n", "application/json");
    expect(String(services.objects.get("bucket/reports/orders/n.json"))).toContain("{}\n");
  });

  test("reads what is shared with its age by the bucket's clock, or that there is nothing", async () => {
    const found = (await store.read("bucket", "a/key.json"))!;
    expect([Buffer.from(found.bytes).toString(), found.etag]).toEqual(["0123456789", '"read"']);
    expect(Math.abs(found.ageSeconds - AGE_SECONDS)).toBeLessThanOrEqual(2);
    expect(await store.read("bucket", "nothing")).toBeUndefined();
    services.faults.set("bucket/a/key.json", [{ status: 403 }]);
    await expect(store.read("bucket", "a/key.json")).rejects.toThrow(/Refused403|Unknown|403/);
  });

  test("does not read what is shared and is larger than anything that nodes share", async () => {
    services.objects.set("bucket/a/large.json", Buffer.alloc((4 << 20) + 1));
    await expect(store.read("bucket", "a/large.json")).rejects.toThrow(
      "a/large.json has 4194305 bytes, and 4194304 at most are read",
    );
  });

  test("replaces what nobody else has written meanwhile", async () => {
    expect(await store.replace("bucket", "lock.json", "mine", undefined)).toBe('"written"');
    expect(await store.replace("bucket", "lock.json", "mine again", '"old"')).toBe('"written"');
    const conditions = services
      .requestsOf("bucket/lock.json?x-id=PutObject")
      .map(({ headers }) => [headers["if-none-match"], headers["if-match"]]);
    expect(conditions).toEqual([
      ["*", undefined],
      [undefined, '"old"'],
    ]);
    for (const status of [404, 409, 412]) {
      services.faults.set("bucket/lock.json", [{ status }]);
      expect(await store.replace("bucket", "lock.json", "yours", '"old"')).toBeUndefined();
    }
    services.faults.set("bucket/lock.json", [{ status: 403 }]);
    await expect(store.replace("bucket", "lock.json", "yours", '"old"')).rejects.toThrow(/Refused403|Unknown|403/);
  });

  test("a refusal is an error that names itself", async () => {
    services.faults.set("bucket/a/key.json", [{ status: 403 }]);
    await expect(store.open("bucket", "a/key.json", 0)).rejects.toThrow(/Refused403|Unknown|403/);
  });
});
