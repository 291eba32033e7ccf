import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { DataBucket, IWriteScope } from "../../lib";
import { setBy } from "../set-by";
import { listSetting } from "../settings";
import { SinkPlace } from "./sink-place";

/** A bucket of files with the folders of the settings; nothing where there are none. */
export function addFiles(scope: Construct, { removalPolicy }: SinkPlace): IWriteScope[] {
  const folders = listSetting(scope, "sinkFiles");
  if (folders === undefined) return [];
  const bucket = new DataBucket(scope, "files", { removalPolicy });
  new TerraformOutput(scope, "files_bucket", { value: bucket.bucketName });
  return setBy(scope, { prefix: "sinkFiles" }, () => folders.map((folder) => bucket.prefix(folder)));
}
