import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { IWriteScope, OpenSearchCluster } from "../../lib";
import { setBy } from "../set-by";
import { fileSetting, listSetting } from "../settings";
import { SinkPlace } from "./sink-place";

/** A domain of OpenSearch whose indices the settings name; nothing where they name none. */
export function addIndices(scope: Construct, place: SinkPlace): IWriteScope[] {
  const patterns = listSetting(scope, "sinkIndices");
  if (patterns === undefined) return [];
  const mappings = fileSetting(scope, "sinkMappings");
  const search = new OpenSearchCluster(scope, "search", {
    ...place,
    // Where nobody says what fields there are, the first document does.
    jobsMayAddFields: mappings === undefined,
  });
  new TerraformOutput(scope, "search_host", { value: search.host });
  new TerraformOutput(scope, "search_security_group", { value: search.securityGroupId });
  const indices = (): IWriteScope => {
    if (mappings !== undefined) search.addIndexTemplate("jobs", { patterns, mappings });
    return search.indices(...patterns);
  };
  return [setBy(scope, { names: "sinkIndices", patterns: "sinkIndices", mappings: "sinkMappings" }, indices)];
}
