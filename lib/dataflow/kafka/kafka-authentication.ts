import { requireInstance } from "../../core/validation";
import { CertificateSecret } from "../certificate-secret";
import { LoginSecret } from "../login-secret";
import { KafkaCertificate } from "./kafka-certificate";
import { KafkaIam, KafkaIamCluster } from "./kafka-iam";
import type { KafkaLogin } from "./kafka-login";
import { KafkaScram } from "./kafka-scram";

/** How jobs say to brokers who they are. Every connection is TLS. */
export class KafkaAuthentication {
  /**
   * By the jobs' own role, at Amazon MSK (port 9098): there is no credential to hand out or to rotate, and the role is
   * allowed no more than the topics that are named.
   *
   * @param cluster of which cluster the brokers are
   */
  public static iam(cluster: KafkaIamCluster): KafkaAuthentication {
    return new KafkaAuthentication(new KafkaIam("KafkaAuthentication.iam", cluster));
  }

  /**
   * SASL/SCRAM with SHA-512: what Amazon MSK takes on port 9096. What the user may do is for Kafka to say, by its ACLs.
   *
   * @param secret name and password of the user
   */
  public static scramSha512(secret: LoginSecret): KafkaAuthentication {
    return KafkaAuthentication.scram("SCRAM-SHA-512", "scramSha512", secret);
  }

  /**
   * SASL/SCRAM with SHA-256, which Amazon MSK does not take. What the user may do is for Kafka to say, by its ACLs.
   *
   * @param secret name and password of the user
   */
  public static scramSha256(secret: LoginSecret): KafkaAuthentication {
    return KafkaAuthentication.scram("SCRAM-SHA-256", "scramSha256", secret);
  }

  /**
   * By a certificate that jobs show to the brokers (TLS client authentication, "mutual TLS"): what Amazon MSK takes on port
   * 9094 where an authority of AWS Private CA is named for it. What the certificate's name may do is for Kafka to say, by
   * its ACLs.
   *
   * @param secret the certificate and its private key
   * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-authentication.html
   */
  public static clientCertificate(secret: CertificateSecret): KafkaAuthentication {
    return new KafkaAuthentication(new KafkaCertificate("KafkaAuthentication.clientCertificate", secret));
  }

  private static scram(mechanism: string, method: string, secret: LoginSecret): KafkaAuthentication {
    return new KafkaAuthentication(new KafkaScram(`KafkaAuthentication.${method}`, mechanism, secret));
  }

  private constructor(
    /** @internal */
    public readonly _login: KafkaLogin,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    return `KafkaAuthentication by ${this._login.title}`;
  }
}

/** Refuses anything but a `KafkaAuthentication`. */
export function requireKafkaAuthentication(property: string, value: unknown): asserts value is KafkaAuthentication {
  requireInstance(property, value, KafkaAuthentication, 'KafkaAuthentication.iam({ clusterArn: "arn:…" })');
}
