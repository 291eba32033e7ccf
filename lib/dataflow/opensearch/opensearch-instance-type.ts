import { refuse } from "../../core/validation";

/**
 * Of families whose storage is EBS: not burstable ones (t), which slow down when their credits are used up, nor those with
 * disks of their own (i, and d at the end), to which no volume can be attached.
 */
const OF_EBS = /^(?![ti]|\w*d\.)[a-z]{1,2}\d{1,2}[a-z]{0,4}\.[a-z0-9]{2,15}\.search$/;

/**
 * A size of a node of Amazon OpenSearch Service. A change of it is made by new nodes beside the old ones, to which the
 * service moves all data.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html
 */
export class OpenSearchInstanceType {
  /** 2 vCPUs, 16 GiB, arm64: the default of data nodes. */
  public static readonly R7G_LARGE = new OpenSearchInstanceType("r7g.large.search");
  /** 4 vCPUs, 32 GiB, arm64. */
  public static readonly R7G_XLARGE = new OpenSearchInstanceType("r7g.xlarge.search");
  /** 8 vCPUs, 64 GiB, arm64. */
  public static readonly R7G_2XLARGE = new OpenSearchInstanceType("r7g.2xlarge.search");
  /** 16 vCPUs, 128 GiB, arm64. */
  public static readonly R7G_4XLARGE = new OpenSearchInstanceType("r7g.4xlarge.search");
  /** 32 vCPUs, 256 GiB, arm64. */
  public static readonly R7G_8XLARGE = new OpenSearchInstanceType("r7g.8xlarge.search");
  /** 2 vCPUs, 16 GiB, arm64: for regions that have no r7g. */
  public static readonly R6G_LARGE = new OpenSearchInstanceType("r6g.large.search");
  /** 4 vCPUs, 32 GiB, arm64. */
  public static readonly R6G_XLARGE = new OpenSearchInstanceType("r6g.xlarge.search");
  /** 2 vCPUs, 8 GiB, arm64: the default of master nodes. */
  public static readonly M7G_LARGE = new OpenSearchInstanceType("m7g.large.search");
  /** 4 vCPUs, 16 GiB, arm64. */
  public static readonly M7G_XLARGE = new OpenSearchInstanceType("m7g.xlarge.search");
  /** 8 vCPUs, 32 GiB, arm64. */
  public static readonly M7G_2XLARGE = new OpenSearchInstanceType("m7g.2xlarge.search");
  /** 2 vCPUs, 8 GiB, arm64: for regions that have no m7g. */
  public static readonly M6G_LARGE = new OpenSearchInstanceType("m6g.large.search");

  /**
   * A size that this library has no name for. Whether Amazon OpenSearch Service has it in your region is not checked.
   * Refused are burstable sizes, and those that keep data on disks of their own.
   *
   * @param name in the words of Amazon OpenSearch Service, such as `r8g.large.search`
   */
  public static of(name: string): OpenSearchInstanceType {
    if (typeof name !== "string" || !OF_EBS.test(name)) {
      refuse({
        property: "OpenSearchInstanceType.of",
        value: name,
        allowed: "a size of nodes with EBS volumes, such as r8g.large.search, and no burstable one",
        remedy: "use for example OpenSearchInstanceType.R7G_LARGE",
      });
    }
    return new OpenSearchInstanceType(name);
  }

  private constructor(
    /** In the words of Amazon OpenSearch Service, such as `r7g.large.search`. */
    public readonly name: string,
  ) {}

  /** In the words of Amazon OpenSearch Service. */
  public toString(): string {
    return this.name;
  }
}
