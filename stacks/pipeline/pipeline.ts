import { Construct } from "constructs";
import { regionSetting, requireKnownSettings } from "../settings";
import { StorageStack } from "../storage-stack";
import { NetworkStack } from "./network-stack";
import { pipelineName, requireWholeSettings } from "./pipeline-settings";
import { PipelineStack } from "./pipeline-stack";
import { SinksStack } from "./sinks-stack";

/**
 * A source that is there already, a cluster of Flink that may read it, and sinks of its own, as the settings want them. Each
 * stack outlives those after it.
 */
export function addPipeline(app: Construct): PipelineStack {
  requireKnownSettings(app, "pipeline");
  requireWholeSettings(app);
  const region = regionSetting(app);
  const name = pipelineName(app);
  const { checkpoints } = new StorageStack(app, `${name}-storage`, region);
  const { network } = new NetworkStack(app, `${name}-network`, region);
  const { parts: sinks } = new SinksStack(app, `${name}-sinks`, region, network);
  return new PipelineStack(app, name, region, { checkpoints, network, sinks });
}
