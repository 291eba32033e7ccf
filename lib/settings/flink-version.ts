import { refuse } from "../core/validation";

/**
 * A line of Apache Flink. A line such as `FlinkVersion.V2_2` says nothing of the patch: that comes from the
 * software lock file which the user commits, so that upgrading this library never upgrades Flink by itself.
 *
 * State does not cross from 1.20 to 2.x (Flink's release notes for 2.0).
 */
export class FlinkVersion {
  /** Flink 1.20, the last line of 1.x. */
  public static readonly V1_20 = new FlinkVersion("1.20");
  /** Flink 2.2, the default. */
  public static readonly V2_2 = new FlinkVersion("2.2");
  /** Flink 2.3. */
  public static readonly V2_3 = new FlinkVersion("2.3");

  /**
   * A line that this library has no name for, or an exact patch.
   *
   * @param version a line such as `2.3` or an exact version such as `2.3.0`, from 1.20 on. For a line whose
   * configuration keys the library does not know, unknown keys are warned of, not refused.
   */
  public static of(version: string): FlinkVersion {
    const { line, patch } = requireFlinkVersion("FlinkVersion.of", version, "use for example FlinkVersion.V2_2");
    return new FlinkVersion(line, patch);
  }

  /** The line, such as `2.2`. */
  public readonly line: string;
  /** The exact version, such as `2.3.0`; absent where the lock file decides. */
  public readonly patch?: string;

  private constructor(line: string, patch?: string) {
    this.line = line;
    this.patch = patch;
  }

  /** The exact version where there is one, else the line. */
  public toString(): string {
    return this.patch ?? this.line;
  }
}

/** Refuses what names no version of Flink that a cluster can have, in the words of whoever asked for it. */
export function requireFlinkVersion(
  property: string,
  version: unknown,
  remedy: string,
): { readonly line: string; readonly patch?: string } {
  const parts = typeof version === "string" ? /^([1-9]\d?)\.(0|[1-9]\d?)(\.(0|[1-9]\d?))?$/.exec(version) : null;
  const [major, minor] = parts ? [Number(parts[1]), Number(parts[2])] : [0, 0];
  if (!parts || major < 1 || (major === 1 && minor !== 20)) {
    refuse({
      ...{ property, value: version, remedy },
      allowed: "a line such as 2.3 or a version such as 2.3.0, being 1.20 or 2.0 and newer",
    });
  }
  return { line: `${major}.${minor}`, patch: parts[3] === undefined ? undefined : parts[0] };
}
