import { refuse } from "../../core/validation";

/** As Amazon MSK names them: `x` is whatever patch it has, and `.kraft` says that no ZooKeeper is needed. */
const VERSION = /^(\d{1,2})\.(\d{1,2})\.(?:x|\d{1,2})(\.kraft)?$/;

/**
 * A version of Apache Kafka, as Amazon MSK names it. All that have a name here keep their metadata by KRaft. A change to
 * a newer one is made broker by broker; MSK goes to no older one.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html
 */
export class KafkaVersion {
  /** Kafka 3.8. */
  public static readonly V3_8 = new KafkaVersion("3.8.x.kraft");
  /** Kafka 3.9, the default: what Amazon MSK recommends. */
  public static readonly V3_9 = new KafkaVersion("3.9.x.kraft");
  /** Kafka 4.0. */
  public static readonly V4_0 = new KafkaVersion("4.0.x.kraft");
  /** Kafka 4.1. */
  public static readonly V4_1 = new KafkaVersion("4.1.x.kraft");

  /**
   * A version that this library has no name for. Whether Amazon MSK has it in your region is not checked.
   *
   * @param version from 3.7 on, in the words of Amazon MSK, such as `4.1.x.kraft`; without `.kraft` it is of ZooKeeper,
   * which Kafka 4 has no more
   */
  public static of(version: string): KafkaVersion {
    const [, major, minor, kraft] = (typeof version === "string" && VERSION.exec(version)) || [];
    const isNewEnough = Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 7);
    if (!isNewEnough || (Number(major) > 3 && kraft === undefined)) {
      refuse({
        property: "KafkaVersion.of",
        value: version,
        allowed: "a version of Amazon MSK, 3.7 or newer, such as 3.9.x.kraft, and from 4.0 on with .kraft at its end",
        remedy: "use for example KafkaVersion.V3_9",
      });
    }
    return new KafkaVersion(version);
  }

  private constructor(
    /** In the words of Amazon MSK, such as `3.9.x.kraft`. */
    public readonly version: string,
  ) {}

  /** In the words of Amazon MSK. */
  public toString(): string {
    return this.version;
  }
}
