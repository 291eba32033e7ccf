import { requireInstance } from "../../core/validation";
import { LoginSecret } from "../login-secret";
import { OpenSearchBasic } from "./opensearch-basic";
import { OpenSearchIam, OpenSearchIamDomain } from "./opensearch-iam";
import type { OpenSearchLogin } from "./opensearch-login";

/** How jobs, or the logs of a cluster, say to OpenSearch who they are. Every connection is TLS, and the server's certificate is verified. */
export class OpenSearchAuthentication {
  /**
   * By the jobs' own role, or that of logs, at Amazon OpenSearch Service: there is no credential to hand out or to rotate, and
   * the role is allowed no more than the indices that are named. Where the domain has fine-grained access control, a role of
   * it must be mapped to that role as well.
   *
   * @param domain which one it is
   */
  public static iam(domain: OpenSearchIamDomain): OpenSearchAuthentication {
    return new OpenSearchAuthentication(new OpenSearchIam("OpenSearchAuthentication.iam", domain));
  }

  /**
   * By name and password. What the user may do is for OpenSearch to say, by its roles.
   *
   * @param secret name and password of the user, never of one who administers the cluster; the name without a colon
   */
  public static basic(secret: LoginSecret): OpenSearchAuthentication {
    return new OpenSearchAuthentication(new OpenSearchBasic("OpenSearchAuthentication.basic", secret));
  }

  private constructor(
    /** @internal */
    public readonly _login: OpenSearchLogin,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    return `OpenSearchAuthentication by ${this._login.title}`;
  }
}

/** Refuses anything but an `OpenSearchAuthentication`. */
export function requireOpenSearchAuthentication(
  property: string,
  value: unknown,
): asserts value is OpenSearchAuthentication {
  requireInstance(property, value, OpenSearchAuthentication, 'OpenSearchAuthentication.iam({ domainArn: "arn:…" })');
}
