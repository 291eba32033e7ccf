import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CheckpointBucket, FlinkNetwork, IWriteScope } from "../../lib";
import { configureBackend } from "../backend";
import { addFlink } from "../flink";
import { addSource } from "./source";

/** What stands before the cluster does, and outlives it. */
export interface PipelineSurroundings {
  readonly checkpoints: CheckpointBucket;
  readonly network: FlinkNetwork;
  readonly sinks: readonly IWriteScope[];
}

/** A cluster whose jobs may read the source and write the sinks, and nothing else. It can be destroyed and created anew. */
export class PipelineStack extends TerraformStack {
  public constructor(
    scope: Construct,
    id: string,
    region: string,
    { checkpoints, network, sinks }: PipelineSurroundings,
  ) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    const flink = addFlink(this, network, checkpoints);
    flink.readFrom(addSource(this));
    sinks.forEach((sink) => flink.writeTo(sink));
    new TerraformOutput(this, "connection_tables", { value: flink.connectionTables });
  }
}
