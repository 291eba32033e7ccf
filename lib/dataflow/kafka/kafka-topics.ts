import { Construct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import { refuse, requireText } from "../../core/validation";
import { IDataScope, IReadWriteScope, ScopeRequirement } from "../scope";
import type { KafkaConnection } from "./kafka-connection";

/** Kafka's own rule (`org.apache.kafka.common.internals.Topic`), and none that Kafka keeps for itself, as `__consumer_offsets`. */
const TOPIC = /^(?!\.{1,2}$|__)[A-Za-z0-9._-]{1,249}$/;

/** Topics of a Kafka cluster, to hand to `readFrom`, `writeTo` or `readWrite`. `IKafkaCluster.topics` makes one. */
export class KafkaTopics implements IReadWriteScope {
  /** @internal */
  public static _of(connection: KafkaConnection, names: readonly string[]): KafkaTopics {
    if (names.length === 0) {
      refuse({
        property: "names",
        value: names,
        allowed: "one topic at least",
        remedy: 'name the topics, such as topics("orders")',
      });
    }
    for (const name of names) {
      requireNoList(name);
      requireText(
        "names",
        name,
        TOPIC,
        "names of topics, each an argument of its own, known when the program runs and without wildcards: 1 to 249 letters, digits and ._-, not beginning with __, as Kafka's own do",
      );
    }
    return new KafkaTopics(connection, [...new Set(names)].sort());
  }

  public readonly scopeName: string;
  /** @internal */
  public readonly _policyName: string;
  /** @internal */
  public readonly _bucketNames: readonly string[] = [];

  private constructor(
    /** @internal */
    public readonly _connection: KafkaConnection,
    /** @internal */
    public readonly _parts: readonly string[],
  ) {
    this._policyName = `kafka ${_connection.path}`;
    this.scopeName = `${this._policyName} ${_parts.join(" ")}`;
  }

  /** @internal */
  public _sameIf(other: IDataScope): readonly (readonly [string, string])[] {
    if (!(other instanceof KafkaTopics) || !this._parts.some((name) => other._parts.includes(name))) return [];
    return this._connection.sameBrokersIf(other._connection);
  }

  /** @internal */
  public _joinedWith(other: IDataScope): KafkaTopics | undefined {
    if (!(other instanceof KafkaTopics) || other._connection !== this._connection) return undefined;
    return KafkaTopics._of(this._connection, [...this._parts, ...other._parts]);
  }

  /** @internal */
  public _requirements(): readonly ScopeRequirement[] {
    return this._connection.requirements();
  }

  /** @internal */
  public _allowancesToRead(scope: Construct, clusterName: string): Allowance[] {
    return this._connection.login.allowances(scope, { kind: "Read", topics: this._parts, clusterName });
  }

  /** @internal */
  public _allowancesToWrite(scope: Construct, clusterName: string): Allowance[] {
    return this._connection.login.allowances(scope, { kind: "Write", topics: this._parts, clusterName });
  }
}

/** Refuses all but the name that a topic may have. */
export function requireTopicName(property: string, name: unknown): asserts name is string {
  requireText(
    property,
    name,
    TOPIC,
    "the name of a topic, known when the program runs: 1 to 249 letters, digits and ._-, neither . nor .., and not beginning with __, as Kafka's own do",
  );
}

/** A list as the first argument is the likeliest slip. */
function requireNoList(name: unknown): void {
  if (!Array.isArray(name) || !name.every((each) => typeof each === "string" && TOPIC.test(each))) return;
  refuse({
    property: "names",
    value: name,
    allowed: "names of topics, each an argument of its own",
    remedy: `write topics(${JSON.stringify(name[0] ?? "orders")}${name.length > 1 ? ", …" : ""})`,
  });
}

/** Two topics of one cluster are one in the names of Kafka's metrics, and refused, where only `.` and `_` tell them apart. */
export function areAlike(one: string, other: string): boolean {
  return one.replaceAll(".", "_") === other.replaceAll(".", "_");
}
