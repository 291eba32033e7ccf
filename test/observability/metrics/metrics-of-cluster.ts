import type { TerraformStack } from "cdktf";
import { MetricsDestination, MetricsIntegration, MetricsIntegrationProps } from "../../../lib";
import { cluster } from "../../cluster/support";
import { Block, statements, Synthesized, synthesize, testStack } from "../../support/synth";

export const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:metrics-writer-AbCdEf";
export const GROUP = "sg-0123456789abcdef0";

/** The metrics of the cluster `orders` of one node. */
export function metricsOf(
  stack: TerraformStack,
  destination: MetricsDestination,
  given: Partial<MetricsIntegrationProps> = {},
): MetricsIntegration {
  const source = cluster(stack, { nodeCount: 1 });
  return new MetricsIntegration(stack, "metrics", { source, destination, ...given });
}

/** The same in a stack of its own. */
export function metricsTo(destination: MetricsDestination, given?: Partial<MetricsIntegrationProps>): Synthesized {
  return synthesize((stack) => metricsOf(stack, destination, given));
}

/** The policy of the role that writes metrics. */
export function policyOfMetrics(synthesized: Synthesized): Block {
  return synthesized.all("aws_iam_role_policy").find(({ name }) => name === "flink-metrics")!;
}

export function whatMetricsMay(synthesized: Synthesized): ReturnType<typeof statements> {
  return statements(policyOfMetrics(synthesized).policy);
}

/** What a cluster is asked that its nodes ship. */
export function asked(destination: MetricsDestination, given: Partial<MetricsIntegrationProps> = {}) {
  const stack = testStack();
  const source = cluster(stack, { nodeCount: 1 });
  const ship = jest.spyOn(source, "_shipMetrics");
  new MetricsIntegration(stack, "metrics", { source, destination, ...given });
  return ship.mock.calls[0][0];
}
