import { closeSync, constants, openSync, writeSync } from "fs";
import { printable } from "../../core/printable";

/** The kernel's log: it stands on the machine's console, which can be read from outside of a machine that reports nothing. */
const KERNEL_LOG = "/dev/kmsg";
/** Of user programs, and a warning, which consoles show. */
const PRIORITY = "<12>";
/** The kernel takes no record that is much longer. */
const MOST_CHARACTERS = 800;

/** Shows a line on the machine's console; nothing where it has none, and never waits for it. */
export function showOnConsole(line: string, kernelLog = KERNEL_LOG): void {
  try {
    // Never made where it is not there; never the terminal that could end this process.
    const descriptor = openSync(
      kernelLog,
      constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
    try {
      writeSync(descriptor, `${PRIORITY}flink-${printable(line.trim()).slice(0, MOST_CHARACTERS)}\n`);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The journal has it all the same.
  }
}
