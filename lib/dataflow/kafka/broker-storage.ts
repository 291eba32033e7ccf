import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import { Size } from "../../core/size";
import { nameTag } from "../../core/terraform/names";
import { refuse } from "../../core/validation";
import { wholeGibibytes } from "../whole-gibibytes";

/** Amazon MSK Developer Guide, "Amazon MSK quota". */
const LEAST = Size.gibibytes(1);
const MOST = Size.gibibytes(16 * 1024);
const DEFAULT = Size.gibibytes(100);
const DEFAULT_GROWTH = 4;
/** Amazon MSK Developer Guide, "Automatic scaling for Amazon MSK clusters". */
const REGIONS_WITHOUT_GROWTH = ["af-south-1", "ap-northeast-3", "ap-southeast-5"];
/** Of the storage, in percent: the highest that Amazon MSK recommends, as it grows by a tenth, at most once in six hours. */
const FULL_ENOUGH = 60;

/** What each broker stores, in GiB. */
export interface BrokerStorage {
  readonly first: number;
  /** The same as `first` where it does not grow. */
  readonly most: number;
}

/** What is given, or the defaults; `region` where the program knows it. */
export function checkBrokerStorage(
  storagePerBroker: Size | undefined,
  maxStoragePerBroker: Size | undefined,
  region: string | undefined,
): BrokerStorage {
  const first = wholeGibibytes("storagePerBroker", storagePerBroker ?? DEFAULT, LEAST, MOST);
  const grows = region === undefined || !REGIONS_WITHOUT_GROWTH.includes(region);
  if (maxStoragePerBroker === undefined) {
    return { first, most: grows ? Math.min(first * DEFAULT_GROWTH, MOST.toGibibytes()) : first };
  }
  const most = wholeGibibytes("maxStoragePerBroker", maxStoragePerBroker, LEAST, MOST);
  if (most < first) {
    refuse({
      property: "maxStoragePerBroker",
      value: maxStoragePerBroker,
      allowed: `at least storagePerBroker, which is ${first} GiB`,
      remedy: "set it to the same for storage that does not grow",
    });
  }
  if (most > first && !grows) {
    refuse({
      property: "maxStoragePerBroker",
      value: maxStoragePerBroker,
      allowed: `the same as storagePerBroker in ${region}, where Amazon MSK lets no storage grow by itself`,
      remedy: "leave it out, and set storagePerBroker to what will be needed",
    });
  }
  return { first, most };
}

export interface StorageGrowthProps {
  readonly clusterName: string;
  readonly clusterArn: string;
  /** GiB. */
  readonly most: number;
}

/** Lets Amazon MSK enlarge the storage of brokers that fill up. It makes none smaller. */
export class StorageGrowth extends Construct {
  public constructor(scope: Construct, id: string, { clusterName, clusterArn, most }: StorageGrowthProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, "Resource", {
      serviceNamespace: "kafka",
      scalableDimension: "kafka:broker-storage:VolumeSize",
      resourceId: clusterArn,
      minCapacity: 1,
      maxCapacity: most,
      tags: { Name: nameTag(this) },
    });
    new AppautoscalingPolicy(this, "Policy", {
      name: `${clusterName}-broker-storage`,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
        targetValue: FULL_ENOUGH,
        disableScaleIn: true,
      },
    });
  }
}
