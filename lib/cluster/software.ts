import { requireKnown } from "../core/terraform/text";
import { OptionNames, requireInstance, requireOptionsOf, requireText } from "../core/validation";

/** Where parts of the software come from. Each origin gives the same layout; hashes differ by origin. */
export enum SoftwareOrigin {
  /** The projects' own download sites; signatures are checked. */
  OFFICIAL = "official",
  /**
   * Package registries, through the machine's own client settings: for tests, the demo and companies that
   * mirror registries only.
   */
  PACKAGE_REGISTRIES = "package-registries",
}

/** Which lock file and which origin are meant. */
export interface SoftwareOptions {
  /**
   * Path of the lock file that `cdktf-flink fetch` writes and that you commit. Read at synth; 1 to 1024 characters,
   * none of them a control character.
   *
   * @default "cdktf-flink.lock.json" in the folder in which the program runs
   */
  readonly lockFile?: string;

  /**
   * Whose parts of the lock file are used.
   *
   * @default SoftwareOrigin.OFFICIAL
   */
  readonly origin?: SoftwareOrigin;
}

const SOFTWARE_OPTIONS: OptionNames<SoftwareOptions> = { lockFile: true, origin: true };

/** How the cluster's software comes into the bucket from which the machines take it. */
export class Software {
  /**
   * The apply publishes what the bucket lacks, out of the local cache, and fetches first what the cache lacks:
   * `cdktf deploy` alone is enough on a laptop that ran `cdktf-flink fetch` once.
   */
  public static fetched(options: SoftwareOptions = {}): Software {
    return new Software(false, options);
  }

  /**
   * `cdktf-flink publish` ran before, as in CI: the plan only checks that the bucket holds every part, and says
   * which one is missing.
   */
  public static published(options: SoftwareOptions = {}): Software {
    return new Software(true, options);
  }

  /** Path of the lock file. */
  public readonly lockFile: string;
  /** Whose parts are used. */
  public readonly origin: SoftwareOrigin;
  /** True if the bucket holds the software already. */
  public readonly isPublished: boolean;

  private constructor(isPublished: boolean, options: SoftwareOptions) {
    requireOptionsOf<SoftwareOptions>(
      `the argument of Software.${isPublished ? "published" : "fetched"}`,
      options,
      SOFTWARE_OPTIONS,
    );
    this.isPublished = isPublished;
    this.lockFile = options.lockFile ?? "cdktf-flink.lock.json";
    requireKnown("lockFile", this.lockFile, "it is read when the program runs");
    requireText(
      "lockFile",
      this.lockFile,
      /^[^\p{Cc}\p{Surrogate}\p{Zl}\p{Zp}]{1,1024}$/u,
      "the path of a file, without control characters",
    );
    this.origin = options.origin ?? SoftwareOrigin.OFFICIAL;
    requireText(
      "origin",
      this.origin,
      /^(official|package-registries)$/,
      'SoftwareOrigin.OFFICIAL ("official") or SoftwareOrigin.PACKAGE_REGISTRIES ("package-registries")',
    );
  }
}

/** Refuses anything but `Software`. */
export function requireSoftware(value: unknown): void {
  requireInstance("software", value, Software, "Software.fetched()");
}
