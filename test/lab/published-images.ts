import { mkdirSync, readFileSync, renameSync, writeFileSync } from "fs";
import { join } from "path";

/** An image that was published while the lab ran. */
export interface PublishedImage {
  /** Such as `ami-0d13a6400000000d2`. */
  readonly id: string;
  /** What `/etc/debian_version` has in machines that are made of it, such as `13.9`. */
  readonly debianVersion: string;
}

const USUAL = join(__dirname, "..", "emulator", "moto", "images.json");
const DEBIAN_VERSION = "etc/debian_version";

/** What images have beside the tree of the base image, which those that the emulator has from the beginning are. */
export class PublishedImages {
  /** What the emulator is told of them. */
  public readonly file: string;
  private readonly told: object[] = [];
  private readonly layers = new Map<string, string>();

  /**
   * @param folder for a thin tree of each
   * @param tree of the base image
   */
  public constructor(
    private readonly folder: string,
    private readonly tree: string,
  ) {
    this.file = join(folder, "published.json");
  }

  /** Of the point release after that of the newest one so far, and for the same machines. */
  public publish(now: Date): PublishedImage {
    const number = this.told.length + 1;
    const [usual] = JSON.parse(readFileSync(USUAL, "utf8")) as { readonly ami_id: string }[];
    const id = `ami-${(BigInt(usual.ami_id.replace("ami-", "0x")) + BigInt(number)).toString(16).padStart(17, "0")}`;
    const date = now.toISOString();
    const name = `debian-13-amd64-${date.slice(0, 10).replaceAll("-", "")}-${String(number).padStart(4, "0")}`;
    const debianVersion = laterRelease(readFileSync(join(this.tree, DEBIAN_VERSION), "utf8").trim(), number);
    const layer = join(this.folder, id);
    mkdirSync(join(layer, "etc"), { recursive: true });
    writeFileSync(join(layer, DEBIAN_VERSION), `${debianVersion}\n`);
    this.layers.set(id, layer);
    const described = { ami_id: id, name, description: name, image_location: `amazon/${name}`, creation_date: date };
    this.told.push({ ...usual, ...described });
    // The emulator may read it at any moment.
    writeFileSync(`${this.file}.part`, JSON.stringify(this.told));
    renameSync(`${this.file}.part`, this.file);
    return { id, debianVersion };
  }

  /** Trees that lie over those below every machine; none of an image that was there from the beginning. */
  public layersOf(imageId: string): readonly string[] {
    const layer = this.layers.get(imageId);
    return layer === undefined ? [] : [layer];
  }
}

/** Debian counts its point releases behind the point. */
function laterRelease(version: string, by: number): string {
  const [, line, point] = /^(\d+)\.(\d+)$/.exec(version) ?? [];
  if (point === undefined) throw new Error(`the base image is of no point release, but of ${version}`);
  return `${line}.${Number(point) + by}`;
}
