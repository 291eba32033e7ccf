import type { X509Certificate } from "crypto";
import type { PrivateAuthorities } from "../../../core/private-ca/private-ca";
import type { PrivateCaTemplate } from "../../../core/private-ca/private-ca-arn";
import type { Validity } from "../../../core/x509/validity";
import { RateLimit } from "../rate-limit";

/** A node has three certificates; beyond some rounds of them within an hour something is wrong. */
const MOST_AT_ONCE = 12;
const THEN_AN_HOUR = 12;

/** Private authorities that make no certificates without end for an agent, as each is billed, whatever goes wrong. */
export class BilledAuthorities implements PrivateAuthorities {
  private readonly limit: RateLimit;

  public constructor(
    private readonly authorities: PrivateAuthorities,
    now?: () => number,
  ) {
    this.limit = new RateLimit(THEN_AN_HOUR / 3600, MOST_AT_ONCE, now);
  }

  public chain(authorityArn: string): Promise<readonly X509Certificate[]> {
    return this.authorities.chain(authorityArn);
  }

  public collect(authorityArn: string, certificateArn: string): Promise<X509Certificate> {
    return this.authorities.collect(authorityArn, certificateArn);
  }

  public async order(
    authorityArn: string,
    signingRequest: string,
    validity: Validity,
    template: PrivateCaTemplate,
  ): Promise<string> {
    if (!this.limit.isOpen()) {
      throw new Error(
        `${MOST_AT_ONCE} certificates were made in a short time, and each is billed: the next one waits, ` +
          `as no more than ${THEN_AN_HOUR} an hour are made then`,
      );
    }
    const certificateArn = await this.authorities.order(authorityArn, signingRequest, validity, template);
    // What was refused costs nothing, and is no reason to wait once it is taken.
    this.limit.pass();
    return certificateArn;
  }
}
