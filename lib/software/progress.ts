import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { undoneAtEnd } from "../core/undone-at-end";

/** Tells a person how one piece of work goes. */
export interface TaskProgress {
  /** The whole amount became known. */
  total(bytes: number): void;
  /** So much is done, in bytes from the start. */
  at(bytes: number): void;
  /** What is being done now, in a few words. */
  note(text: string): void;
  /** What a person shall still see when all is done. */
  warn(text: string): void;
  done(text: string): void;
  failed(text: string): void;
}

/** Shows how several pieces of work go at once. */
export interface Progress {
  task(name: string): TaskProgress;
  /** One line by itself. */
  line(text: string): void;
  /** After the last task. */
  stop(): void;
}

/** Bars on a terminal, plain lines anywhere else. */
export function progressFor(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new Bars(stream) : new Lines((line) => void stream.write(`${line}\n`));
}

/** Says nothing. */
export const NO_PROGRESS: Progress = {
  task: () => ({ total: ignore, at: ignore, note: ignore, warn: ignore, done: ignore, failed: ignore }),
  line: ignore,
  stop: ignore,
};

function ignore(): void {}

/** For people: `310.2 MiB`. */
export function showBytes(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** One line when a task starts something and when it ends: fit for a build log. */
export class Lines implements Progress {
  public constructor(private readonly write: (line: string) => void) {}

  public task(name: string): TaskProgress {
    const say = (text: string): void => this.write(`${name}: ${text}`);
    return { total: ignore, at: ignore, note: say, warn: say, done: say, failed: say };
  }

  public line(text: string): void {
    this.write(text);
  }

  public stop(): void {}
}

/** What a terminal does with text that is wider than it is: bars are cut off, and lines are to be read. */
const [WRAPPED, CUT_OFF] = ["\x1b[?7h", "\x1b[?7l"];
/** The rest of the row, where a bar was. */
const CLEARED = "\x1b[K";

/** Most names of parts are shorter. */
const NAME_WIDTH = 28;

class Bars implements Progress {
  private readonly bars: MultiBar;
  /** Takes back what gives the terminal its cursor again where the program is ended. */
  private restored?: () => void;

  public constructor(private readonly stream: NodeJS.WriteStream) {
    this.bars = new MultiBar(
      {
        stream,
        format: "{name} {bar} {amount} {note}",
        hideCursor: true,
        barsize: 24,
        fps: 5,
        autopadding: true,
        // Whoever ends the program does it by a signal that nobody here holds back.
        gracefulExit: false,
        clearOnComplete: true,
        // A line moves all bars down, and those that say the same as before would not be drawn in their new places.
        forceRedraw: true,
      },
      Presets.shades_classic,
    );
  }

  public task(name: string): TaskProgress {
    this.restored ??= undoneAtEnd(() => this.bars.stop());
    const bar = this.bars.create(1, 0, { name: name.padEnd(NAME_WIDTH), amount: "", note: "" });
    // More bars than the terminal has rows could not be drawn in place: what has ended is a line.
    const end = (text: string): void => {
      this.line(`${name.padEnd(NAME_WIDTH)} ${text}`);
      this.bars.remove(bar);
    };
    return new Bar(bar, (text) => this.line(`${name}: ${text}`), end);
  }

  public line(text: string): void {
    // Without bars nothing would write it, as it is their next drawing that does.
    if (this.bars.isActive) this.bars.log(`${WRAPPED}${text}${CLEARED}\n${CUT_OFF}`);
    else this.stream.write(`${text}\n`);
  }

  public stop(): void {
    if (this.bars.isActive) {
      // What was said since they were last drawn.
      this.bars.update();
      this.bars.stop();
    }
    this.restored?.();
    this.restored = undefined;
  }
}

class Bar implements TaskProgress {
  private whole = 0;

  public constructor(
    private readonly bar: SingleBar,
    public readonly warn: (text: string) => void,
    private readonly end: (text: string) => void,
  ) {}

  public total(bytes: number): void {
    this.whole = bytes;
    this.bar.setTotal(Math.max(bytes, 1));
  }

  public at(bytes: number): void {
    this.bar.update(bytes, {
      amount: this.whole ? `${showBytes(bytes)} of ${showBytes(this.whole)}` : showBytes(bytes),
    });
  }

  public note(text: string): void {
    this.bar.update({ note: text });
  }

  public done(text: string): void {
    this.end(text);
  }

  public failed(text: string): void {
    this.end(text);
  }
}
