/** From when until when a certificate is good. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Clocks differ: a certificate is good for somebody whose clock is so far behind. */
export const CLOCK_SKEW_MILLIS = 300_000;

/** From now on for so many seconds. */
export function validityFrom(now: Date, seconds: number): Validity {
  return {
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MILLIS),
    notAfter: new Date(now.getTime() + seconds * 1000),
  };
}
