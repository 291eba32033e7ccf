import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { FlinkCluster } from "../cluster/flink-cluster";
import { refuse } from "../core/validation";

/**
 * Refuses anything but a cluster of the same stack whose logs, or metrics, go nowhere yet: what machines of another program do
 * is for that one to say, and what is made for both belongs to one plan.
 *
 * @param integration the construct that was given it, which is called as `name` has it
 */
export function requireSourceCluster(
  integration: Construct,
  name: "LogIntegration" | "MetricsIntegration",
  source: unknown,
): asserts source is FlinkCluster {
  const what = name === "LogIntegration" ? "logs" : "metrics";
  const shown: unknown = Construct.isConstruct(source) ? `the construct ${source.node.path}` : source;
  if (!(source instanceof FlinkCluster)) {
    refuse({
      property: "source",
      value: shown,
      allowed: `a FlinkCluster of this program, as its machines are what is told where ${what} go`,
      remedy: `make the ${name} in the program that makes the cluster, and pass the cluster as source`,
    });
  }
  const stack = TerraformStack.of(source);
  if (stack === TerraformStack.of(integration)) return source._refuseSecondWayOf(what, integration.node.path);
  refuse({
    property: "source",
    value: shown,
    allowed: "a cluster of the same stack, as each would wait for the other",
    remedy: `make the ${name} in the stack ${stack.node.id}`,
  });
}
