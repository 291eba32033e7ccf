import { refuse } from "../../core/validation";

const VERSION = /^(\d{1,2})\.(\d{1,2})$/;
/** What is older, Amazon OpenSearch Service supports no more, or against a surcharge alone. */
const OLDEST = { major: 2, minor: 11 };

/**
 * A version of OpenSearch at Amazon OpenSearch Service. A change to a newer one is made in place, after a snapshot; to an
 * older one it is another domain.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html
 */
export class OpenSearchVersion {
  /** OpenSearch 2.19, the default: the one against which the connector was shown. */
  public static readonly V2_19 = new OpenSearchVersion("2.19");
  /** OpenSearch 3.1. */
  public static readonly V3_1 = new OpenSearchVersion("3.1");
  /** OpenSearch 3.3. */
  public static readonly V3_3 = new OpenSearchVersion("3.3");
  /** OpenSearch 3.5. */
  public static readonly V3_5 = new OpenSearchVersion("3.5");

  /**
   * A version that this library has no name for. Whether Amazon OpenSearch Service has it in your region is not checked.
   *
   * @param version from 2.11 on, such as `2.17`
   */
  public static of(version: string): OpenSearchVersion {
    const [, major, minor] = ((typeof version === "string" && VERSION.exec(version)) || []).map(Number);
    if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor))
      return new OpenSearchVersion(version);
    refuse({
      property: "OpenSearchVersion.of",
      value: version,
      allowed: `a version of OpenSearch, ${OLDEST.major}.${OLDEST.minor} or newer, such as 2.17`,
      remedy: "use for example OpenSearchVersion.V2_19",
    });
  }

  private constructor(
    /** Such as `2.19`. */
    public readonly version: string,
  ) {}

  /** Such as `2.19`. */
  public toString(): string {
    return this.version;
  }
}
