import { execFile, execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { promisify } from "util";
import { MachineServices } from "./support/machine-services";
import { sha256, temporaryFolder } from "./support/software";

const SCRIPT = path.resolve(__dirname, "../../scripts/bundle-agent.mjs");
/** What every node fetches with a new release. */
const MOST_BYTES = 800 << 10;

describe("the bundle of the agent", () => {
  let folder: string;

  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function bundle(name: string, ...entryPoint: string[]): string {
    const file = path.join(folder, name, "agent.js");
    const program = `import(process.argv[1]).then(({ bundleAgent }) => bundleAgent(...process.argv.slice(2)))`;
    execFileSync("node", ["-e", program, SCRIPT, file, ...entryPoint]);
    return file;
  }

  test("is the same whenever and wherever it is made, and knows no path of this machine", () => {
    const [one, other] = [bundle("one"), bundle("other")].map((file) => fs.readFileSync(file));
    expect(sha256(one)).toBe(sha256(other));
    expect(one.length).toBeLessThan(MOST_BYTES);
    expect(String(one)).not.toContain(path.resolve(__dirname, "../.."));
  });

  test("starts only with the lock that the bootstrap holds", () => {
    const file = bundle("one");
    const run = () =>
      execFileSync("node", [file], { encoding: "utf8", stdio: "pipe", env: { PATH: process.env.PATH } });
    expect(run).toThrow(
      expect.objectContaining({
        status: 1,
        stdout: expect.stringContaining("by its bootstrap only") as string,
      }) as Error,
    );
  });

  test("judges a trial, and does nothing else, when systemd asks it to", () => {
    const systemctl = path.join(folder, "systemctl");
    fs.writeFileSync(systemctl, `#!/bin/sh\necho "$*" >> "$0.asked"\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}` };
    expect(execFileSync("node", [bundle("one"), "--judge-trial"], { encoding: "utf8", env })).toBe("");
    // Nothing is on trial on this machine.
    expect(fs.readFileSync(`${systemctl}.asked`, "utf8")).toBe("daemon-reload\n");
  });

  test("holds no search for another identity than the machine's role, with which its clients call", async () => {
    expect(fs.readFileSync(bundle("whole"), "utf8")).not.toMatch(/AWS_WEB_IDENTITY_TOKEN_FILE|AWS_SECRET_ACCESS_KEY/);
    const services = await MachineServices.start();
    try {
      services.objects.set("bucket/key", Buffer.from("an object"));
      const store = bundle("store", path.resolve(__dirname, "../../lib/node/agent/object-store.ts"));
      const program = `
        const store = new (require(process.argv[1]).S3ObjectStore)("eu-west-1");
        store.open("bucket", "key", 3).then(({ body }) => body.pipe(process.stdout));`;
      const { stdout } = await promisify(execFile)("node", ["-e", program, store], {
        env: {
          PATH: process.env.PATH,
          AWS_ENDPOINT_URL_S3: services.url,
          AWS_EC2_METADATA_SERVICE_ENDPOINT: services.url,
          AWS_ACCESS_KEY_ID: "OTHER",
          AWS_SECRET_ACCESS_KEY: "OTHER",
        },
      });
      expect(stdout).toBe("object");
    } finally {
      await services.stop();
    }
  });
});
