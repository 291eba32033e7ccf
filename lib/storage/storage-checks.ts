import { isTextToken } from "../core/terraform/text";
import { Duration } from "../core/duration";
import { refuse, requireInstance, requireText } from "../core/validation";
import { RemovalPolicy } from "./removal-policy";

/** Amazon S3 User Guide, "General purpose bucket naming rules"; without dots, which certificates do not cover. */
const BUCKET_NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/;

/** Refuses what S3 does not take as a bucket's name. Names known only when Terraform runs are taken as they are. */
export function requireBucketName(property: string, name: unknown): void {
  if (isTextToken(name)) return;
  requireText(
    property,
    name,
    BUCKET_NAME,
    "3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, without the beginnings and endings that S3 keeps for itself",
  );
}

/** Refuses anything but a member of `RemovalPolicy`. */
export function requireRemovalPolicy(property: string, policy: unknown): void {
  if (policy !== RemovalPolicy.RETAIN && policy !== RemovalPolicy.DESTROY) {
    refuse({
      property,
      value: policy,
      allowed: "RemovalPolicy.RETAIN or RemovalPolicy.DESTROY",
      remedy: "leave it out to keep what is stored",
    });
  }
}

/** The length of time in days; refuses what lifecycle rules of S3 cannot say. */
export function requireWholeDays(property: string, duration: Duration, min: number, max: number): number {
  requireInstance(property, duration, Duration, `Duration.days(${min})`);
  const days = duration.toSeconds() / 86_400;
  if (!Number.isInteger(days) || days < min || days > max) {
    refuse({
      property,
      value: duration,
      allowed: `a whole number of days from ${min} to ${max}`,
      remedy: `use for example Duration.days(${min})`,
    });
  }
  return days;
}
