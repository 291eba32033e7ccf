import { Construct } from "constructs";
import { Size } from "../core/size";
import { refuse } from "../core/validation";
import { GrantedScope } from "../dataflow/scope";
import { LogDestinationSpec, LogShippingInput } from "../node/logs/log-shipping";
import { RequestedShippingProps, Shipping, ShippingKind, ShippingProps, ShippingRequest } from "./shipping";

/** What is asked of a cluster by who wants its logs. */
export interface LogShippingRequest extends ShippingRequest {
  readonly destination: LogDestinationSpec;
  /** What is written in a system that is no service of AWS by itself. */
  readonly sink?: GrantedScope;
  /** Fields of documents beside `@timestamp` and `message`; absent: all. */
  readonly fields?: readonly string[];
  /** On the disk of each machine, for each of Flink's two processes. */
  readonly bufferSize: Size;
}

export interface RequestedLogShippingProps extends RequestedShippingProps {
  readonly request: LogShippingRequest;
}

const LOGS: ShippingKind = { kind: "logs", title: "Logs", purpose: "Where logs go" };
/** Flink's two processes have one each. */
const BUFFERS = 2;
/** The rest is for what Flink and ZooKeeper write. */
const LARGEST_PART_OF_VOLUME = 1 / 2;

/** The way of a cluster's logs, as far as it is the cluster's. */
export class LogShipping extends Shipping {
  /** Refuses what could not work; changes nothing. */
  public static check(request: LogShippingRequest, props: ShippingProps): void {
    const { dataVolumeSize } = props;
    const most = Math.floor((dataVolumeSize.toMebibytes() * LARGEST_PART_OF_VOLUME) / BUFFERS);
    if (request.bufferSize.toMebibytes() > most) {
      refuse({
        property: "bufferSize",
        value: request.bufferSize,
        allowed: `at most ${Size.mebibytes(most)}, so that both processes' together take half of the data volume of ${dataVolumeSize}`,
        remedy: `use Size.mebibytes(${most}) or less, or raise dataVolumeSize of the cluster`,
      });
    }
    Shipping.checkReach(request, props, LOGS);
  }

  /** What nodes are told. */
  public readonly input: LogShippingInput;

  public constructor(scope: Construct, id: string, props: RequestedLogShippingProps) {
    super(scope, id, props, LOGS);
    const { destination, fields, bufferSize } = props.request;
    this.input = { roleArn: this.role.arn, destination, fields, bufferBytes: bufferSize.toBytes() };
  }
}
