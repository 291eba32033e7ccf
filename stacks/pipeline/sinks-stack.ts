import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { FlinkNetwork, IWriteScope, RemovalPolicy } from "../../lib";
import { configureBackend } from "../backend";
import { choiceSetting } from "../settings";
import { addFiles } from "./files-sink";
import { addIndices } from "./index-sink";
import { SinkPlace } from "./sink-place";
import { addTables } from "./table-sink";
import { addTopics } from "./topic-sink";

/** What jobs write, in systems of its own. It outlives every cluster of Flink. */
export class SinksStack extends TerraformStack {
  public readonly parts: readonly IWriteScope[];

  public constructor(scope: Construct, id: string, region: string, network: FlinkNetwork) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    const removalPolicy = choiceSetting(this, "removalPolicy", Object.values(RemovalPolicy));
    const place: SinkPlace = { network, removalPolicy };
    this.parts = [addTopics, addTables, addIndices, addFiles].flatMap((addSink) => addSink(this, place));
  }
}
