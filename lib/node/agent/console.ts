import { closeSync, constants, openSync, writeSync } from "fs";
import { printable } from "../../core/printable";

/** The kernel's log: it stands on the machine's console, which can be read from outside of a machine that reports nothing. */
const KERNEL_LOG = "/dev/kmsg";
/**
 * An error (3) of user programs (1), whatever the line says: a console shows what is below its level, and many images set
 * that to 4, by `quiet` or `kernel.printk`, which hides warnings.
 */
const PRIORITY = "<11>";
/** The kernel refuses a record that is much longer. */
const MOST_BYTES = 800;

/** Shows a line on the machine's console; nothing where it has none, and never waits for it. */
export function showOnConsole(line: string, kernelLog = KERNEL_LOG): void {
  try {
    // Never made where it is not there; never the terminal that could end this process.
    const descriptor = openSync(
      kernelLog,
      constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
    try {
      const record = Buffer.from(`${PRIORITY}flink-${printable(line)}`).subarray(0, MOST_BYTES);
      writeSync(descriptor, `${record.toString()}\n`);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The journal has it all the same.
  }
}
