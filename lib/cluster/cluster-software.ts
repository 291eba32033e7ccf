import * as path from "path";
import { DataAwsS3Objects } from "@cdktf/provider-aws/lib/data-aws-s3-objects";
import { Annotations, App, DataResource, ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { SOFTWARE_PREFIX } from "../core/bucket-layout";
import { packageRoot } from "../core/package-root";
import { AwsAccount } from "../core/terraform/aws-account";
import { escapeTerraformText } from "../core/terraform/text";
import { SoftwareItem } from "../node/desired-state";
import { ClusterSoftware as NodeSoftware } from "../node/node-layout";
import { agentPart } from "../software/agent-part";
import { LOCK_FILE_NAME, readLockFile } from "../software/lock-file";
import { resolveSoftware } from "../software/resolve";
import { flinkReleases, isInTable } from "../software/software-table";
import { Architecture, FlinkVersion } from "../settings";
import { Software } from "./software";

export interface ClusterSoftwareProps {
  readonly software: Software;
  readonly version: FlinkVersion;
  readonly architecture: Architecture;
  readonly bucket: { readonly bucketName: string };
}

/**
 * Brings the software of the lock file into the bucket, or checks that it is there. Without a lock file there
 * is a warning at synth, and a plan that says which command to run.
 */
export class ClusterSoftware extends Construct {
  /** Absent while the lock file does not name every part. */
  public readonly items?: NodeSoftware;
  /** What has to be done before a node may be told of the software. */
  public readonly dependables: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, props: ClusterSoftwareProps) {
    super(scope, id);
    const { software, version, architecture } = props;
    const found = resolveSoftware({
      lock: readLockFile(software.lockFile),
      origin: software.origin,
      flinkVersion: version.toString(),
      architecture,
    });
    if (!found.items) {
      this.failAtPlan(props, found.missing);
      return;
    }
    const { presto, hadoop, nodeJs, java, flink, zooKeeper } = found.items;
    const agent = agentPart();
    const plugins = [presto, hadoop];
    this.items = { agent, nodeJs, java, flink, zooKeeper, plugins };
    const parts: SoftwareItem[] = [agent, nodeJs, java, flink, zooKeeper, ...plugins];
    if (software.isPublished) this.checkPublished(parts, props);
    else this.publish(parts, props);
  }

  private failAtPlan(props: ClusterSoftwareProps, missing: string): void {
    const message = `${missing}${remedyOfMissing(props)}`;
    Annotations.of(this).addWarning(message);
    const failure = new DataResource(this, "Missing", {});
    failure.addOverride("lifecycle.precondition", [
      // Never true; Terraform refuses to initialize a condition that refers to nothing.
      { condition: '${path.module == ""}', error_message: escapeTerraformText(message) },
    ]);
  }

  private checkPublished(parts: readonly SoftwareItem[], props: ClusterSoftwareProps): void {
    for (const part of parts) {
      const objects = new DataAwsS3Objects(this, `Published-${part.name}`, {
        bucket: props.bucket.bucketName,
        prefix: part.key,
        maxKeys: 1,
        lifecycle: {
          postcondition: [
            {
              condition: "${contains(self.keys, self.prefix)}",
              errorMessage: escapeTerraformText(
                `The bucket holds no ${part.name} ${part.version} (${part.key}): run ` +
                  `\`npx cdktf-flink publish ${commandOptions(props)}${lockFileOption(props)} --bucket <bucket>\`.`,
              ),
            },
          ],
        },
      });
      this.dependables.push(objects);
    }
  }

  /** The command line of this very package does it, so that users need no other tool. */
  private publish(parts: readonly SoftwareItem[], props: ClusterSoftwareProps): void {
    const stackFolder = path.resolve(App.of(this).outdir, "stacks", TerraformStack.of(this).node.id);
    const relative = (target: string): string => path.relative(stackFolder, target).split(path.sep).join("/");
    this.dependables.push(
      new DataResource(this, "Publish", {
        triggersReplace: {
          bucket: props.bucket.bucketName,
          parts: parts.map((part) => part.key.slice(SOFTWARE_PREFIX.length)).join(" "),
        },
        provisioners: [
          {
            type: "local-exec",
            command: `node "$CLI" publish ${commandOptions(props)} --bucket "$BUCKET" --region "$REGION" --lock-file "$LOCK_FILE"`,
            interpreter: ["/bin/sh", "-c"],
            environment: {
              CLI: escapeTerraformText(relative(path.join(packageRoot(), "build", "bin", "cdktf-flink.js"))),
              LOCK_FILE: escapeTerraformText(relative(path.resolve(props.software.lockFile))),
              BUCKET: props.bucket.bucketName,
              REGION: AwsAccount.of(this).region,
            },
          },
        ],
      }),
    );
  }
}

function remedyOfMissing(props: ClusterSoftwareProps): string {
  if (!isInTable(props.version.toString())) {
    return (
      `, and this version of cdktf-flink fetches Flink ${flinkReleases().join(", ")} only: ` +
      "set version to one of these lines, such as FlinkVersion.V2_2, or update cdktf-flink"
    );
  }
  const command = `npx cdktf-flink fetch ${commandOptions(props)}${lockFileOption(props)}`;
  return `: run \`${command}\` and commit ${props.software.lockFile}`;
}

function commandOptions(props: ClusterSoftwareProps): string {
  return `--flink ${props.version} --architecture ${props.architecture} --origin ${props.software.origin}`;
}

/** Nothing for the lock file that the command takes by itself; quoted for a shell where it has to be. */
function lockFileOption({ software: { lockFile } }: ClusterSoftwareProps): string {
  if (lockFile === LOCK_FILE_NAME) return "";
  const quoted = /^[A-Za-z0-9_./-]+$/.test(lockFile) ? lockFile : `'${lockFile.replaceAll("'", "'\\''")}'`;
  return ` --lock-file ${quoted}`;
}
