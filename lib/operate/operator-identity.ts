import type { ConnectionOptions } from "node:tls";
import { setTimeout as delay } from "node:timers/promises";
import type { ClientCertificate } from "../software/client-certificate";
import { operatorTls } from "./operator-tls";

/** After a certificate could not be had. */
const AGAIN_MILLIS = 60_000;
/** The longest that a timer of Node.js takes is 24 days; a certificate is good for less. */
const PART_OF_VALIDITY = 0.5;

/** The operator towards the nodes: a certificate in memory, and a new one before it ends. */
export class OperatorIdentity {
  /**
   * @param make has the cluster's client authority sign a new certificate
   */
  public static async begin(make: () => Promise<ClientCertificate>): Promise<OperatorIdentity> {
    return new OperatorIdentity(make, await make());
  }

  /** How the node of a name is called. */
  public readonly tls = (host: string): ConnectionOptions => operatorTls(this.current, host);

  private constructor(
    private readonly make: () => Promise<ClientCertificate>,
    private current: ClientCertificate,
  ) {}

  public get certificate(): ClientCertificate {
    return this.current;
  }

  /**
   * Renews it in the middle of its time, until the signal ends that.
   *
   * @param warn says why there is no new one yet
   */
  public async keepFresh(signal: AbortSignal, warn: (failure: unknown) => void): Promise<void> {
    let wait = this.untilRenewal();
    while (!signal.aborted) {
      try {
        await delay(wait, undefined, { signal, ref: false });
      } catch {
        return;
      }
      try {
        this.current = await this.make();
        wait = this.untilRenewal();
      } catch (failure) {
        warn(failure);
        wait = AGAIN_MILLIS;
      }
    }
  }

  private untilRenewal(): number {
    const left = Date.parse(this.current.certificate.validTo) - Date.now();
    return Math.max(AGAIN_MILLIS, left * PART_OF_VALIDITY);
  }
}
