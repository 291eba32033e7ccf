import { refuse } from "../../core/validation";

const MAJOR = /^\d{1,3}$/;
/** What is older, the community supports no more, and Amazon RDS against a surcharge alone. */
const OLDEST = 14;

/**
 * A major version of PostgreSQL at Amazon RDS, which takes on minor ones by itself. Another major version is never taken on
 * by Terraform: docs/postgresql.md says how.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
 */
export class PostgreSqlVersion {
  /** PostgreSQL 15. */
  public static readonly V15 = new PostgreSqlVersion("15");
  /** PostgreSQL 16. */
  public static readonly V16 = new PostgreSqlVersion("16");
  /** PostgreSQL 17, the default. */
  public static readonly V17 = new PostgreSqlVersion("17");
  /** PostgreSQL 18. */
  public static readonly V18 = new PostgreSqlVersion("18");

  /**
   * A major version that this library has no name for. Whether Amazon RDS has it in your region is not checked.
   *
   * @param version from 14 on, such as `14`: the major version alone
   */
  public static of(version: string): PostgreSqlVersion {
    if (typeof version !== "string" || !MAJOR.test(version) || Number(version) < OLDEST) {
      refuse({
        property: "PostgreSqlVersion.of",
        value: version,
        allowed: `a major version of PostgreSQL, ${OLDEST} or newer, such as 17`,
        remedy: "use for example PostgreSqlVersion.V17",
      });
    }
    return new PostgreSqlVersion(version);
  }

  private constructor(
    /** Such as `17`. */
    public readonly version: string,
  ) {}

  /** Such as `17`. */
  public toString(): string {
    return this.version;
  }
}
