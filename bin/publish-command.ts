import { Command } from "commander";
import type { ConnectorName } from "../lib/core/connector-name";
import { s3Client } from "../lib/software/bucket";
import { publishSoftware } from "../lib/software/publish";
import { example } from "./arguments";
import { type SoftwareFlags, withSoftwareFlags } from "./software-options";
import { withProgress } from "./with-progress";

interface PublishFlags extends Omit<SoftwareFlags, "connector"> {
  readonly bucket: string;
  readonly region?: string;
  /** False where none is to be published. */
  readonly connector?: readonly ConnectorName[] | false;
}

/** Adds the command that brings the software into the software bucket. */
export function addPublish(cli: Command): void {
  withSoftwareFlags(cli.command("publish"))
    .summary("upload what the software bucket lacks")
    .description(
      "Uploads the locked software and what comes with this package (the node agent, connectors, the log exporter) to the bucket, under keys that hold the hash; what is there stays. " +
        "It fetches first what the cache lacks. It needs to put, get and list objects below software/.",
    )
    .option("--no-connector", "no connectors")
    .option("--logs", "what ships logs, which every release has to have (default: where it is locked)")
    .option("--no-logs", "nothing that ships logs")
    .option("--metrics", "what ships metrics, which every release has to have (default: where it is locked)")
    .option("--no-metrics", "nothing that ships metrics")
    .requiredOption("--bucket <name>", "the bucket")
    .option("--region <region>", "its region (default: as the AWS tools find it)")
    .addHelpText("after", example("publish --bucket my-checkpoints --region eu-west-1"))
    .action(async (flags: PublishFlags) => {
      const published = await withProgress((progress) =>
        publishSoftware({
          ...flags,
          architectures: flags.architecture,
          connectors: flags.connector === false ? [] : flags.connector,
          client: s3Client(flags.region),
          progress,
        }),
      );
      for (const key of published.uploaded) console.log(`uploaded s3://${flags.bucket}/${key}`);
      console.log(`${published.uploaded.length} parts uploaded, ${published.present.length} were there.`);
    });
}
