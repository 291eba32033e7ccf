import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Construct } from "constructs";
import { Architecture } from "../settings";

/** Debian's own account; see https://wiki.debian.org/Cloud/AmazonEC2Image. */
const DEBIAN_OWNER = "136693071363";

/** Id of the newest official image at the time of the plan, made as a child of the construct given. */
export function newestDebianImage(scope: Construct, architecture: Architecture): string {
  return new DataAwsAmi(scope, "Image", {
    mostRecent: true,
    owners: [DEBIAN_OWNER],
    filter: [
      { name: "name", values: [`debian-13-${architecture}-*`] },
      { name: "virtualization-type", values: ["hvm"] },
    ],
  }).id;
}
