import { requireInstance } from "../../core/validation";
import { LoginSecret } from "../../dataflow/login-secret";
import { requireSecret, SecretReference } from "../../dataflow/secret";
import { BasicMetricsLogin, TokenMetricsLogin } from "../../node/metrics/metrics-shipping";
import { TokenSecret } from "./token-secret";

/** How metrics say to a server who they are. Every connection is TLS, and the server's certificate is verified. */
export class MetricsAuthentication {
  /**
   * By name and password (HTTP Basic).
   *
   * @param secret name and password of the user, never of one who administers the server; the name without a colon
   */
  public static basic(secret: LoginSecret): MetricsAuthentication {
    requireSecret("MetricsAuthentication.basic", secret, "metrics-writer");
    return new MetricsAuthentication("basic", secret);
  }

  /**
   * By a token: of InfluxDB 2, or a bearer token of others.
   *
   * @param secret the token, which may write metrics and nothing else
   */
  public static token(secret: TokenSecret): MetricsAuthentication {
    requireSecret("MetricsAuthentication.token", secret, "metrics-token");
    return new MetricsAuthentication("token", secret);
  }

  private constructor(
    /** @internal */
    public readonly _kind: "basic" | "token",
    /** @internal */
    public readonly _secret: SecretReference,
  ) {}

  /** @internal */
  public get _login(): BasicMetricsLogin | TokenMetricsLogin {
    return { kind: this._kind, secretArn: this._secret.secretArn };
  }

  /** For people: what it is. */
  public toString(): string {
    return `MetricsAuthentication by ${this._kind === "basic" ? "name and password" : "token"}`;
  }
}

/** Refuses anything but a `MetricsAuthentication`. */
export function requireMetricsAuthentication(
  property: string,
  value: unknown,
  example: string,
): asserts value is MetricsAuthentication {
  requireInstance(property, value, MetricsAuthentication, example);
}
