import { buffer } from "stream/consumers";
import { S3ObjectStore } from "../../lib/node/agent/object-store";
import { MachineServices } from "./support/machine-services";

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

  test("a refusal is an error that names itself", async () => {
    services.faults.set("bucket/a/key.json", [{ status: 403 }]);
    await expect(store.open("bucket", "a/key.json", 0)).rejects.toThrow(/Refused403|Unknown|403/);
  });
});
