import { Size } from "../core/size";
import { OptionNames, refuse, requireInteger, requireOptionsOf, requireText } from "../core/validation";
import { INSTANCE_TYPES, INSTANCE_TYPES_IN_WORDS } from "./instance-type-table";
import { nearest } from "../core/nearest";
import { requireSize } from "./ranges";

/** Processor architecture of a machine. */
export enum Architecture {
  /** Intel and AMD, 64 bit. */
  AMD64 = "amd64",
  /** ARM, 64 bit (Graviton); offered, not proven in the lab. */
  ARM64 = "arm64",
}

/** A machine size that the library has no row for, see `InstanceType.of`. */
export interface InstanceTypeAttributes {
  /** AWS's name, such as `m7i.large`; a type of the Nitro system. */
  readonly name: string;
  /** Number of virtual processors, 1 to 1024. */
  readonly vCpus: number;
  /** Memory as AWS states it, 4 GiB to 32 TiB. */
  readonly memory: Size;
  /** Processor architecture. */
  readonly architecture: Architecture;
}

const ATTRIBUTES: OptionNames<InstanceTypeAttributes> = { name: true, vCpus: true, memory: true, architecture: true };

/** The least memory of a machine that can hold the operating system, ZooKeeper, a JobManager and a TaskManager. */
const LEAST_MEMORY = Size.gibibytes(4);
const MOST_MEMORY = Size.gibibytes(32 * 1024);

/**
 * A machine size of AWS. Memory of Flink's processes is split from it, so that scaling up is this one property.
 */
export class InstanceType {
  /** 2 vCPUs, 4 GiB, amd64. */
  public static readonly C7I_LARGE = InstanceType.fromName("c7i.large");
  /** 4 vCPUs, 8 GiB, amd64. */
  public static readonly C7I_XLARGE = InstanceType.fromName("c7i.xlarge");
  /** 8 vCPUs, 16 GiB, amd64. */
  public static readonly C7I_2XLARGE = InstanceType.fromName("c7i.2xlarge");
  /** 2 vCPUs, 8 GiB, amd64: the default. */
  public static readonly M7I_LARGE = InstanceType.fromName("m7i.large");
  /** 4 vCPUs, 16 GiB, amd64. */
  public static readonly M7I_XLARGE = InstanceType.fromName("m7i.xlarge");
  /** 8 vCPUs, 32 GiB, amd64. */
  public static readonly M7I_2XLARGE = InstanceType.fromName("m7i.2xlarge");
  /** 16 vCPUs, 64 GiB, amd64. */
  public static readonly M7I_4XLARGE = InstanceType.fromName("m7i.4xlarge");
  /** 32 vCPUs, 128 GiB, amd64. */
  public static readonly M7I_8XLARGE = InstanceType.fromName("m7i.8xlarge");
  /** 2 vCPUs, 16 GiB, amd64. */
  public static readonly R7I_LARGE = InstanceType.fromName("r7i.large");
  /** 4 vCPUs, 32 GiB, amd64. */
  public static readonly R7I_XLARGE = InstanceType.fromName("r7i.xlarge");
  /** 8 vCPUs, 64 GiB, amd64. */
  public static readonly R7I_2XLARGE = InstanceType.fromName("r7i.2xlarge");
  /** 16 vCPUs, 128 GiB, amd64. */
  public static readonly R7I_4XLARGE = InstanceType.fromName("r7i.4xlarge");
  /** 32 vCPUs, 256 GiB, amd64. */
  public static readonly R7I_8XLARGE = InstanceType.fromName("r7i.8xlarge");
  /** 2 vCPUs, 8 GiB, arm64. */
  public static readonly M7G_LARGE = InstanceType.fromName("m7g.large");
  /** 4 vCPUs, 16 GiB, arm64. */
  public static readonly M7G_XLARGE = InstanceType.fromName("m7g.xlarge");
  /** 2 vCPUs, 16 GiB, arm64. */
  public static readonly R7G_LARGE = InstanceType.fromName("r7g.large");
  /** 4 vCPUs, 32 GiB, arm64. */
  public static readonly R7G_XLARGE = InstanceType.fromName("r7g.xlarge");
  /** 2 vCPUs, 8 GiB, amd64, burstable. */
  public static readonly T3_LARGE = InstanceType.fromName("t3.large");

  /**
   * A type of the library's table: current Nitro families m, r and c from `large` to `8xlarge`, and t from
   * `medium` to `2xlarge`.
   *
   * @param name AWS's name, such as `m7a.2xlarge`. A name that is not in the table is refused: use `of`.
   */
  public static fromName(name: string): InstanceType {
    const row = INSTANCE_TYPES.get(name);
    if (!row) {
      const close = typeof name === "string" ? nearest(name, INSTANCE_TYPES.keys()) : undefined;
      refuse({
        property: "InstanceType.fromName",
        value: name,
        allowed: `a type of the library's table (${INSTANCE_TYPES_IN_WORDS})${close ? `, the nearest of which is ${close}` : ""}`,
        remedy: "mend the name, or use InstanceType.of with vCpus, memory and architecture",
      });
    }
    return new InstanceType({
      name: row.name,
      vCpus: row.vCpus,
      memory: Size.gibibytes(row.memoryGib),
      architecture: row.arm ? Architecture.ARM64 : Architecture.AMD64,
    });
  }

  /** Any other type of the Nitro system with at least 4 GiB. */
  public static of(attributes: InstanceTypeAttributes): InstanceType {
    requireOptionsOf("the argument of InstanceType.of", attributes, ATTRIBUTES);
    return new InstanceType(attributes);
  }

  /** AWS's name, such as `m7i.large`. */
  public readonly name: string;
  /** Number of virtual processors. */
  public readonly vCpus: number;
  /** Memory as AWS states it; the operating system sees a little less. */
  public readonly memory: Size;
  /** Processor architecture. */
  public readonly architecture: Architecture;

  private constructor(attributes: InstanceTypeAttributes) {
    requireText(
      "InstanceType.name",
      attributes.name,
      /^[a-z][a-z0-9-]{0,30}\.[a-z0-9-]{1,30}$/,
      "a name of AWS such as m7i.large",
    );
    requireInteger("InstanceType.vCpus", attributes.vCpus, 1, 1024);
    requireSize("InstanceType.memory", attributes.memory, LEAST_MEMORY, MOST_MEMORY);
    if (!Object.values(Architecture).includes(attributes.architecture)) {
      refuse({
        property: "InstanceType.architecture",
        value: attributes.architecture,
        allowed: "Architecture.AMD64 or Architecture.ARM64",
        remedy: "use one of the two",
      });
    }
    this.name = attributes.name;
    this.vCpus = attributes.vCpus;
    this.memory = attributes.memory;
    this.architecture = attributes.architecture;
  }

  /** AWS's name. */
  public toString(): string {
    return this.name;
  }
}
