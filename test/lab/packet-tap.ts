import { ChildProcess, spawn } from "child_process";
import { closeSync, createReadStream, openSync, rmSync, statSync } from "fs";
import { waitFor } from "./wait-for";

/** Beyond it tcpdump is ended, and the tap fails: disks are small. */
const MAX_FILE_BYTES = 1024 ** 3;
/** What the kernel keeps while tcpdump waits for a processor. */
const BUFFER_KIBIBYTES = 64 * 1024;
const START_TIMEOUT = 20_000;
const END_TIMEOUT = 30_000;
/**
 * All links at once, those included that a machine gets when it is started again, and none of what the lab's servers
 * say among themselves: the loopback is the first link of every namespace.
 */
const COMMAND = [
  ...["prlimit", `--fsize=${MAX_FILE_BYTES}`, "--core=0", "--"],
  ...["tcpdump", "-n", "-i", "any", "-y", "LINUX_SLL2", "-s", "0", "-B", String(BUFFER_KIBIBYTES), "-U", "-w", "-"],
  "not ifindex 1",
];

/** Writes down every packet of every machine's link, whole. */
export class PacketTap {
  /**
   * Resolves when no packet is missed any more.
   *
   * @param file must end in `.pcap`: a host may let tcpdump write no other one
   * @param wrap makes the command line that runs another one in the lab's network
   */
  public static async start(file: string, wrap: (argv: readonly string[]) => string[]): Promise<PacketTap> {
    const output = openSync(file, "w");
    const [command, ...args] = wrap(COMMAND);
    // Detached, so that a Ctrl-C at the terminal reaches only the controller, which ends all in order.
    const child = spawn(command, args, { stdio: ["ignore", output, "pipe"], detached: true });
    closeSync(output);
    const tap = new PacketTap(file, child);
    await waitFor(() => tap.said.includes("listening on") || tap.hasEnded, {
      timeout: START_TIMEOUT,
      what: "tcpdump to listen",
    });
    if (tap.hasEnded) throw new Error(`tcpdump ended: ${tap.said}`);
    return tap;
  }

  private said = "";
  private hasEnded = false;

  private constructor(
    public readonly file: string,
    private readonly child: ChildProcess,
  ) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    child.once("error", (error) => (this.said += error.message));
    child.once("close", () => (this.hasEnded = true));
  }

  /**
   * Ends it. What `sayLast` sends over a link, in which the given text stands, is the last that is waited for: packets
   * come to the file late.
   */
  public async stop(lastText: string, sayLast: () => Promise<unknown>): Promise<void> {
    const before = statSync(this.file).size;
    await sayLast();
    await waitFor(async () => this.hasEnded || (await contains(this.file, before, lastText)), {
      timeout: END_TIMEOUT,
      what: `the capture to come to its last packet (${lastText})`,
      interval: 100,
    });
    if (this.hasEnded) {
      throw new Error(
        `tcpdump ended by itself after ${statSync(this.file).size} bytes (at most ${MAX_FILE_BYTES}): ${this.said}`,
      );
    }
    this.child.kill("SIGINT");
    await waitFor(() => this.hasEnded, { timeout: END_TIMEOUT, what: "tcpdump to end" });
    const dropped = [...this.said.matchAll(/^(\d+) packets? dropped/gm)].map((match) => Number(match[1]));
    if (dropped.length === 0) throw new Error(`tcpdump did not say how many packets it missed: ${this.said}`);
    if (dropped.some((count) => count > 0)) {
      throw new Error(`the capture proves nothing, as the kernel dropped packets: ${this.said}`);
    }
  }

  /** The capture, in the format of pcap. */
  public read(): AsyncIterable<Buffer> {
    return createReadStream(this.file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>;
  }

  public remove(): void {
    rmSync(this.file, { force: true });
  }
}

async function contains(file: string, from: number, text: string): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { start: from }) as AsyncIterable<Buffer>) {
    const both = Buffer.concat([tail, chunk]);
    if (both.includes(text)) return true;
    tail = both.subarray(-text.length);
  }
  return false;
}
