import { Construct, IConstruct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import { listing, useOfBucketKeys } from "../../core/terraform/s3-statements";
import { refuse } from "../../core/validation";
import { IDataScope, IReadWriteScope, ScopeRequirement } from "../scope";
import { KEY_ARN_FOR_TERRAFORM, withoutWildcards } from "../terraform-value";
import type { S3Connection } from "./s3-connection";

/** A bucket of files that jobs read or write: a `DataBucket`, or an existing one. */
export interface IDataBucket extends IConstruct {
  /**
   * Name of the bucket.
   * @attribute
   */
  readonly bucketName: string;
  /**
   * ARN of the bucket.
   * @attribute
   */
  readonly bucketArn: string;
  /**
   * ARN of the key that encrypts its objects; without it S3 encrypts them by keys of its own.
   * @attribute
   */
  readonly encryptionKeyArn?: string;

  /**
   * All objects whose keys begin with a prefix, to hand to `readFrom`, `writeTo` or `readWrite` of a cluster.
   *
   * @param prefix whole folders, ending with a slash, such as `out/` or `out/orders/`: letters, digits and `!_.'()=-`
   */
  prefix(prefix: string): S3Prefix;
}

/**
 * Whole folders. Of what S3 calls safe characters (Amazon S3 User Guide, "Object key naming guidelines"), without the
 * wildcards of IAM and without `.` and `..`, which file systems take for other folders.
 */
const PREFIX = /^(?:(?!\.{1,2}\/)[A-Za-z0-9!_.'()=-]+\/)+$/;
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const BUCKET_NAME = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";
/** Keys have 1024 bytes; what is left holds the names of Flink's files. */
const LONGEST_PREFIX = 512;

/**
 * All objects of a bucket whose keys begin with a prefix, as Flink's file system `s3a://` reads and writes them.
 * `IDataBucket.prefix` makes one.
 */
export class S3Prefix implements IReadWriteScope {
  /** @internal */
  public static _of(bucket: IDataBucket, connection: S3Connection, prefix: string): S3Prefix {
    requirePrefix(prefix);
    return new S3Prefix(bucket, connection, prefix);
  }

  /** Where it is for Flink, such as `s3a://data/out/`: the `path` of a table, a source or a sink of files. */
  public readonly uri: string;
  public readonly scopeName: string;
  /** @internal */
  public readonly _bucketNames: readonly string[];
  /** @internal */
  public readonly _parts: readonly string[];

  private constructor(
    private readonly bucket: IDataBucket,
    /** @internal */
    public readonly _connection: S3Connection,
    private readonly prefix: string,
  ) {
    this.uri = _connection.uri(prefix);
    this._parts = [prefix];
    this.scopeName = `s3 ${bucket.node.path} ${prefix}`;
    this._bucketNames = [bucket.bucketName];
  }

  /** @internal */
  public _sameIf(other: IDataScope): readonly (readonly [string, string])[] {
    if (!(other instanceof S3Prefix)) return [];
    const isNested = this.prefix.startsWith(other.prefix) || other.prefix.startsWith(this.prefix);
    return isNested ? [[this.bucket.bucketName, other.bucket.bucketName]] : [];
  }

  /** @internal */
  public _requirements(): readonly ScopeRequirement[] {
    const { bucketName, encryptionKeyArn, node } = this.bucket;
    return withoutWildcards(node.path, [
      { value: bucketName, pattern: BUCKET_NAME, what: "the name of a bucket" },
      { value: encryptionKeyArn, pattern: KEY_ARN_FOR_TERRAFORM, what: "the ARN of a KMS key" },
    ]);
  }

  /**
   * Get and list, of this prefix alone; the key is used through S3.
   *
   * @internal
   */
  public _allowancesToRead(scope: Construct): Allowance[] {
    return [
      ...this.allowances(scope, "Read", ["s3:GetObject"], ["kms:Decrypt"]),
      { sid: "ReadFolderItself", actions: ["s3:GetObject"], resources: [this.folderArn] },
    ];
  }

  /**
   * Flink's sink of files takes up what it had begun before a failure: it reads and removes its own unfinished parts.
   * So writing includes reading and deleting below this prefix. A bucket without a key of the account is refused.
   *
   * @internal
   */
  public _allowancesToWrite(scope: Construct): Allowance[] {
    if (this.bucket.encryptionKeyArn === undefined) {
      refuse({
        property: "encryptionKeyArn",
        value: undefined,
        allowed: `given to DataBucket.fromDataBucketAttributes for ${this.bucket.node.path}, because what a cluster writes lies under a key of the account`,
        remedy: "encrypt the bucket with a KMS key and name that there, or write to a DataBucket of your own",
      });
    }
    const actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
    return [
      ...this.allowances(scope, "Write", actions, ["kms:Decrypt", "kms:GenerateDataKey"]),
      { sid: "WriteFolderItself", actions: ["s3:GetObject"], resources: [this.folderArn] },
    ];
  }

  /** Hadoop asks whether there is an object by the folder's own name before it looks into the folder. */
  private get folderArn(): string {
    return `${this.bucket.bucketArn}/${this.prefix.slice(0, -1)}`;
  }

  private allowances(scope: Construct, kind: string, objectActions: string[], keyActions: string[]): Allowance[] {
    const { bucketArn, encryptionKeyArn } = this.bucket;
    const folder = this.prefix.slice(0, -1);
    return [
      { sid: `${kind}Files`, actions: objectActions, resources: [`${bucketArn}/${this.prefix}*`] },
      listing(`${kind}Listing`, bucketArn, [folder, `${this.prefix}*`]),
      ...(encryptionKeyArn === undefined ? [] : [useOfBucketKeys(scope, `${kind}Key`, [encryptionKeyArn], keyActions)]),
    ];
  }
}

function requirePrefix(prefix: unknown): void {
  if (typeof prefix !== "string" || !PREFIX.test(prefix)) {
    const meant = typeof prefix === "string" ? `${prefix.replace(/^\/+|\/+$/g, "")}/` : "";
    const isOne = PREFIX.test(meant) && meant.length <= LONGEST_PREFIX;
    refuse({
      property: "prefix",
      value: prefix,
      allowed:
        "whole folders, each of letters, digits and !_.'()=- and with a slash after it, such as out/ or out/orders/",
      remedy: isOne ? `write "${meant}"` : "set prefix to such a text",
    });
  }
  if (prefix.length <= LONGEST_PREFIX) return;
  refuse({
    property: "prefix",
    value: prefix,
    allowed: `at most ${LONGEST_PREFIX} characters long`,
    remedy: "use a shorter prefix",
  });
}
