import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import type { ConnectionTable } from "../../node/connection-tables";
import type { Connection, ConnectionUse } from "../scope";

export interface S3ConnectionProps {
  readonly name: string;
  /** The construct that stands for the bucket. */
  readonly bucket: Construct;
  readonly bucketName: string;
}

/** A bucket of files, as Flink's own file system reaches it: by the gateway of its network, and by the jobs' role. */
export class S3Connection implements Connection {
  public readonly name: string;
  public readonly path: string;
  public readonly connectors: readonly ConnectorName[] = [];
  public readonly hosts: readonly string[] = [];
  public readonly ports: readonly number[] = [];

  public constructor(private readonly props: S3ConnectionProps) {
    this.name = props.name;
    this.path = props.bucket.node.path;
  }

  /** What Flink calls whole folders of it. */
  public uri(prefix: string): string {
    return `s3a://${this.props.bucketName}/${prefix}`;
  }

  public describe({ read, write }: ConnectionUse): object {
    const uris = (prefixes: readonly string[]) => prefixes.map((prefix) => this.uri(prefix));
    return { kind: "s3", prefixes: { read: uris(read), write: uris(write) } };
  }

  /** One of each prefix, such as `data/out/orders`: no connection's name has a slash. */
  public tables({ read, write }: ConnectionUse): readonly ConnectionTable[] {
    return [...new Set([...read, ...write])].sort().map((prefix) => ({
      name: `${this.name}/${prefix.slice(0, -1)}`,
      tableOptions: { connector: "filesystem", path: this.uri(prefix) },
    }));
  }
}
