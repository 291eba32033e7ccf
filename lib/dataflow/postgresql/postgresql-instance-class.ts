import { refuse } from "../../core/validation";

/** Burstable ones (t) slow down when their credits are used up. */
const STEADY = /^db\.(?!t)[a-z][a-z0-9-]{1,15}\.[a-z0-9]{2,15}$/;

/**
 * A size of the machines of a database at Amazon RDS: of the one that takes writes, and of its standby. A change of it is
 * made in the maintenance window, the standby first.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
 */
export class PostgreSqlInstanceClass {
  /** 2 vCPUs, 8 GiB, arm64: the default. */
  public static readonly M7G_LARGE = new PostgreSqlInstanceClass("db.m7g.large");
  /** 4 vCPUs, 16 GiB, arm64. */
  public static readonly M7G_XLARGE = new PostgreSqlInstanceClass("db.m7g.xlarge");
  /** 8 vCPUs, 32 GiB, arm64. */
  public static readonly M7G_2XLARGE = new PostgreSqlInstanceClass("db.m7g.2xlarge");
  /** 16 vCPUs, 64 GiB, arm64. */
  public static readonly M7G_4XLARGE = new PostgreSqlInstanceClass("db.m7g.4xlarge");
  /** 2 vCPUs, 16 GiB, arm64. */
  public static readonly R7G_LARGE = new PostgreSqlInstanceClass("db.r7g.large");
  /** 4 vCPUs, 32 GiB, arm64. */
  public static readonly R7G_XLARGE = new PostgreSqlInstanceClass("db.r7g.xlarge");
  /** 8 vCPUs, 64 GiB, arm64. */
  public static readonly R7G_2XLARGE = new PostgreSqlInstanceClass("db.r7g.2xlarge");
  /** 16 vCPUs, 128 GiB, arm64. */
  public static readonly R7G_4XLARGE = new PostgreSqlInstanceClass("db.r7g.4xlarge");
  /** 2 vCPUs, 8 GiB, amd64: for regions that have no m7g. */
  public static readonly M6I_LARGE = new PostgreSqlInstanceClass("db.m6i.large");
  /** 4 vCPUs, 16 GiB, amd64. */
  public static readonly M6I_XLARGE = new PostgreSqlInstanceClass("db.m6i.xlarge");

  /**
   * A size that this library has no name for. Whether Amazon RDS has it in your region is not checked. Refused are burstable
   * sizes.
   *
   * @param name in the words of Amazon RDS, such as `db.r8g.large`
   */
  public static of(name: string): PostgreSqlInstanceClass {
    if (typeof name !== "string" || !STEADY.test(name)) {
      refuse({
        property: "PostgreSqlInstanceClass.of",
        value: name,
        allowed: "a size of databases at Amazon RDS, such as db.r8g.large, and no burstable one",
        remedy: "use for example PostgreSqlInstanceClass.M7G_LARGE",
      });
    }
    return new PostgreSqlInstanceClass(name);
  }

  private constructor(
    /** In the words of Amazon RDS, such as `db.m7g.large`. */
    public readonly name: string,
  ) {}

  /** In the words of Amazon RDS. */
  public toString(): string {
    return this.name;
  }
}
