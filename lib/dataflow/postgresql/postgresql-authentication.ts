import { requireInstance } from "../../core/validation";
import { LoginSecret } from "../login-secret";
import { requireSecret } from "../secret";

/** How jobs say to PostgreSQL who they are. Every connection is TLS, and the server's certificate is verified. */
export class PostgreSqlAuthentication {
  /**
   * By name and password. What the user may do is for PostgreSQL to say, by its grants.
   *
   * @param secret name and password of the user, never of one who administers the database
   */
  public static password(secret: LoginSecret): PostgreSqlAuthentication {
    requireSecret("PostgreSqlAuthentication.password", secret, "analytics-writer");
    return new PostgreSqlAuthentication(secret);
  }

  private constructor(
    /** @internal */
    public readonly _secret: LoginSecret,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    return "PostgreSqlAuthentication by password";
  }
}

/** Refuses anything but a `PostgreSqlAuthentication`. */
export function requirePostgreSqlAuthentication(
  property: string,
  value: unknown,
): asserts value is PostgreSqlAuthentication {
  requireInstance(
    property,
    value,
    PostgreSqlAuthentication,
    'PostgreSqlAuthentication.password({ secretArn: "arn:…" })',
  );
}
