import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "fs";
import { tmpdir } from "os";
import { join } from "path";
import { PacketTap } from "./packet-tap";

const LAST = "the-last-packet";
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "packet-tap-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** In place of tcpdump, which needs root and a network: says what it says, and ends when it is told or as told. */
function tap(summary: string): Promise<PacketTap> {
  const program = `
    process.stderr.write("tcpdump: listening on any, link-type LINUX_SLL2\\n");
    process.on("SIGINT", () => { process.stderr.write(${JSON.stringify(summary)}); process.exit(0); });
    setInterval(() => require("fs").existsSync(${JSON.stringify(join(folder, "end"))}) && process.exit(1), 20);`;
  return start(program);
}

function start(program: string): Promise<PacketTap> {
  return PacketTap.start(join(folder, "x.pcap"), () => [process.execPath, "-e", program]);
}

const sayLast = (): Promise<void> => Promise.resolve(appendFileSync(join(folder, "x.pcap"), `packet packet ${LAST} `));

test("ends after its last packet has come", async () => {
  const running = await tap("7 packets captured\n7 packets received by filter\n0 packets dropped by kernel\n");
  await running.stop(LAST, sayLast);
  const chunks: Buffer[] = [];
  for await (const chunk of running.read()) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toContain(LAST);
});

test("proves nothing where the kernel dropped packets, or nobody knows", async () => {
  const holed = await tap("7 packets captured\n9 packets received by filter\n2 packets dropped by kernel\n");
  await expect(holed.stop(LAST, sayLast)).rejects.toThrow("the kernel dropped packets");
  const silent = await tap("");
  await expect(silent.stop(LAST, sayLast)).rejects.toThrow("did not say how many packets it missed");
});

test("says why, where tcpdump ends by itself", async () => {
  const noDevice = start(`process.stderr.write("tcpdump: any: No such device exists\\n")`);
  await expect(noDevice).rejects.toThrow("No such device exists");
  const outgrown = await tap("");
  const end = (): Promise<void> => Promise.resolve(writeFileSync(join(folder, "end"), ""));
  await expect(outgrown.stop(LAST, end)).rejects.toThrow("tcpdump ended by itself after 0 bytes");
});
