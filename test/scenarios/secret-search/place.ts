import { Matcher, Scanner } from "./matcher";
import { Needle } from "./needles";

/** Where secrets were found, and are for nobody or for their holders alone. */
export interface Hit {
  /** Index of the secret. */
  readonly secret: number;
  readonly form: string;
  readonly where: string;
  /** Users of the machine who can read it; absent where the secret is for nobody, whoever can read it. */
  readonly readers?: readonly string[];
}

/** What was searched in one place. */
export interface PlaceSearch {
  readonly place: string;
  /** Of which one is a file, an object, a process, an answer. */
  readonly things: number;
  readonly bytes: number;
  readonly hits: readonly Hit[];
}

type Content = Buffer | AsyncIterable<Buffer>;

/** Searches the things of one place. */
export class PlaceSearcher {
  private things = 0;
  private bytes = 0;
  private readonly hits: Hit[] = [];

  public constructor(
    private readonly place: string,
    private readonly matcher: Matcher,
  ) {}

  /** @param readers asked only where something was found; absent: it is for nobody to read */
  public async search(where: string, content: Content, readers?: () => readonly string[]): Promise<void> {
    const scanner = this.matcher.scanner();
    if (Buffer.isBuffer(content)) scanner.push(content);
    else for await (const piece of content) scanner.push(piece);
    this.note(where, scanner, readers);
  }

  public note(where: string, scanner: Scanner, readers?: () => readonly string[]): void {
    this.things++;
    this.bytes += scanner.bytes;
    this.add(where, scanner.found, readers);
    // A name is read by more than those who may read the content, and must not be printed.
    const inName = this.matcher.search(Buffer.from(where));
    if (inName.length > 0) this.add("a name that holds it", inName);
  }

  public get result(): PlaceSearch {
    const { place, things, bytes, hits } = this;
    return { place, things, bytes, hits };
  }

  private add(where: string, found: readonly Needle[], readers?: () => readonly string[]): void {
    if (found.length === 0) return;
    const named = this.matcher.search(Buffer.from(where)).length > 0 ? "something whose name holds it, too" : where;
    const who = readers?.();
    const once = new Map(found.map(({ secret, form }) => [secret, form]));
    for (const [secret, form] of once) {
      this.hits.push({ secret, form, where: named, ...(who === undefined ? {} : { readers: who }) });
    }
  }
}
