import { synthesize } from "../support/synth";
import type { Block } from "../support/synthesized";
import { cluster } from "./support";

/** What asks, of a cluster of so many nodes. */
function removalOf(nodeCount: number): Block {
  const synthesized = synthesize((stack) => cluster(stack, { nodeCount, zooKeeperNodeCount: 3 }));
  return synthesized.named("terraform_data", "flink_NodeRemoval");
}

test("before a machine goes an apply asks whether it may: with each change of the nodes, and before all that they are made of", () => {
  const [three, four] = [removalOf(3), removalOf(4)];
  expect((three.triggers_replace as Block).nodes).toBe("orders-node-1,orders-node-2,orders-node-3");
  const dependsOn = four.depends_on as readonly string[];
  const count = (type: string) => dependsOn.filter((address) => address.startsWith(`${type}.`)).length;
  expect(["aws_instance", "aws_volume_attachment", "aws_s3_object"].map(count)).toEqual([4, 4, 1]);
});

test("it asks while it ends, naming nothing but itself, and of nodes that are the same it asks nothing", () => {
  const [provisioner] = removalOf(3).provisioner as readonly Block[];
  const asked = provisioner["local-exec"] as Block;
  expect(asked.when).toBe("destroy");
  const { CLI: cli, ...environment } = asked.environment as Record<string, string>;
  expect(cli).not.toContain("${");
  expect(environment).toEqual({
    IS: "${self.triggers_replace.nodes}",
    SHALL: "orders-node-1,orders-node-2,orders-node-3",
    SLOTS: "1",
    CLUSTER: "${self.triggers_replace.cluster}",
    BUCKET: "${self.triggers_replace.bucket}",
    REGION: "${self.triggers_replace.region}",
  });
  expect(asked.command).toMatch(/^\[ "\$IS" = "\$SHALL" \] \|\| node "\$CLI" remove-nodes /);
});
