import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Construct } from "constructs";

/** Id of the image that the lab's machines are made of. */
export function labImage(scope: Construct): string {
  return new DataAwsAmi(scope, "image", {
    mostRecent: true,
    owners: ["136693071363"],
    filter: [{ name: "name", values: ["debian-13-amd64-*"] }],
  }).id;
}
