import { refuse } from "../../core/validation";

const STANDARD = /^kafka\.(?!t\d)[a-z][a-z0-9-]{1,15}\.[a-z0-9]{2,15}$/;

/**
 * A size of Amazon MSK's Standard brokers. A change of it is made broker by broker.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html
 */
export class KafkaBrokerType {
  /** 2 vCPUs, 8 GiB, arm64: the default. */
  public static readonly M7G_LARGE = new KafkaBrokerType("kafka.m7g.large");
  /** 4 vCPUs, 16 GiB, arm64. */
  public static readonly M7G_XLARGE = new KafkaBrokerType("kafka.m7g.xlarge");
  /** 8 vCPUs, 32 GiB, arm64. */
  public static readonly M7G_2XLARGE = new KafkaBrokerType("kafka.m7g.2xlarge");
  /** 16 vCPUs, 64 GiB, arm64. */
  public static readonly M7G_4XLARGE = new KafkaBrokerType("kafka.m7g.4xlarge");
  /** 32 vCPUs, 128 GiB, arm64. */
  public static readonly M7G_8XLARGE = new KafkaBrokerType("kafka.m7g.8xlarge");
  /** 2 vCPUs, 8 GiB, amd64: for regions that have no m7g. */
  public static readonly M5_LARGE = new KafkaBrokerType("kafka.m5.large");
  /** 4 vCPUs, 16 GiB, amd64. */
  public static readonly M5_XLARGE = new KafkaBrokerType("kafka.m5.xlarge");
  /** 8 vCPUs, 32 GiB, amd64. */
  public static readonly M5_2XLARGE = new KafkaBrokerType("kafka.m5.2xlarge");
  /** 16 vCPUs, 64 GiB, amd64. */
  public static readonly M5_4XLARGE = new KafkaBrokerType("kafka.m5.4xlarge");
  /** 32 vCPUs, 128 GiB, amd64. */
  public static readonly M5_8XLARGE = new KafkaBrokerType("kafka.m5.8xlarge");

  /**
   * A size that this library has no name for. Whether Amazon MSK has it in your region is not checked. Refused are
   * burstable sizes, which stand still when their credits are used up, and Express brokers, whose storage is not chosen.
   *
   * @param name in the words of Amazon MSK, such as `kafka.m7g.12xlarge`
   */
  public static of(name: string): KafkaBrokerType {
    if (typeof name !== "string" || !STANDARD.test(name)) {
      refuse({
        property: "KafkaBrokerType.of",
        value: name,
        allowed: "a size of Standard brokers, such as kafka.m7g.12xlarge, and no burstable one",
        remedy: "use for example KafkaBrokerType.M7G_LARGE",
      });
    }
    return new KafkaBrokerType(name);
  }

  private constructor(
    /** In the words of Amazon MSK, such as `kafka.m7g.large`. */
    public readonly name: string,
  ) {}

  /** In the words of Amazon MSK. */
  public toString(): string {
    return this.name;
  }
}
