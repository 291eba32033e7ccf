import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Of a shell: a program that a signal ended. */
const ENDED_BY_SIGNAL = 128;

const undos = new Set<() => void>();
const handlers = SIGNALS.map((signal) => [signal, () => endUnlessAwaited(signal)] as const);
/** How many parts of the program wait for signals, and end it in an orderly way. */
let waiting = 0;

/**
 * Has something undone, at once and without waiting, where this program ends before that was done: by itself, or by a
 * signal for which nobody waits. Gives what takes it back.
 */
export function undoneAtEnd(undo: () => void): () => void {
  if (undos.size === 0) {
    process.on("exit", undoAll);
    // Before whoever waits, and then waits no more.
    for (const [signal, handle] of handlers) process.prependListener(signal, handle);
  }
  undos.add(undo);
  return () => {
    undos.delete(undo);
    if (undos.size > 0) return;
    process.off("exit", undoAll);
    for (const [signal, handle] of handlers) process.off(signal, handle);
  };
}

/** Says that somebody waits for signals, until what it gives is called, be it more than once. */
export function signalsAreAwaited(): () => void {
  let isAwaited = true;
  waiting++;
  return () => {
    if (isAwaited) waiting--;
    isAwaited = false;
  };
}

/** The newest first: a program ends before the folder goes that it writes into. */
function undoAll(): void {
  for (const undo of [...undos].reverse()) {
    undos.delete(undo);
    try {
      undo();
    } catch {
      // Nobody could mend it any more, and the others are undone all the same.
    }
  }
}

function endUnlessAwaited(signal: NodeJS.Signals): void {
  if (waiting > 0) return;
  const code = ENDED_BY_SIGNAL + constants.signals[signal];
  // All of it, before the signal ends us: what gives locks back hears of the end only after all listeners.
  process.emit("exit", code);
  // By the signal itself: a shell goes on with the next command of a script where a program only exits with a number.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The first process of a container is not ended by it.
  process.exit(code);
}
