/** A machine as the cloud knows it. */
export interface FoundMachine {
  readonly instanceType: string;
  /** The cloud's own word, such as `running` or `stopped`. */
  readonly state: string;
  /** The availability zone that it stands in for its life, such as `eu-west-1a`; absent where it is not told. */
  readonly zone?: string;
}

/** What is asked of the cloud about machines and volumes that exist. Each call ends when what it asks for is so. */
export interface MachineService {
  /** By id. A machine that is gone is left out. */
  machines(ids: readonly string[]): Promise<ReadonlyMap<string, FoundMachine>>;
  /** MiB of memory by machine type, as the cloud states it. */
  memoryOf(types: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The availability zones of the region that have a machine type. */
  zonesWith(type: string): Promise<ReadonlySet<string>>;
  stop(id: string): Promise<void>;
  start(id: string): Promise<void>;
  /** Of a machine that is stopped. */
  changeType(id: string, instanceType: string): Promise<void>;
  /** GiB by id. */
  volumeSizes(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Ends when the machine sees the new size. */
  growVolume(id: string, gib: number): Promise<void>;
}
