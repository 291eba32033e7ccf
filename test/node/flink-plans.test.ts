import { planPaths, plansInZooKeeper } from "../../lib/node/agent/flink-plans";
import { clusterInput } from "./support/cluster-input";

const nodes = clusterInput().nodes.map((node, index) => ({ ...node, zooKeeperId: index + 1, files: [], units: [] }));

test("asks this node's server first, and another one where that does not answer", async () => {
  const asked: string[] = [];
  const plans = await plansInZooKeeper({ cluster: "orders", nodes }, nodes[1], "2.2", (host, paths) => {
    asked.push(host);
    expect(paths).toEqual(planPaths("orders", "2.2"));
    return asked.length === 1 ? Promise.reject(new Error("away")) : Promise.resolve(["a"]);
  });
  expect([plans, asked]).toEqual([["a"], [nodes[1].host, nodes[0].host]]);
});

test.each([
  ["1.20", "/flink/orders/jobgraphs"],
  ["2.0", "/flink/orders/execution-plans"],
  ["2.3", "/flink/orders/execution-plans"],
])(
  "looks wherever a line keeps what is left of jobs, and %s, which has run, must have made its own path",
  (line, own) => {
    const paths = planPaths("orders", line);
    expect(paths.map(({ path }) => path)).toEqual([
      ...["/flink/orders/jobgraphs", "/flink/orders/execution-plans", "/flink/orders/applications"],
    ]);
    expect(paths.filter(({ mayBeAbsent }) => !mayBeAbsent).map(({ path }) => path)).toEqual([own]);
  },
);

test("says of each why it does not answer: none is not the same as no job", async () => {
  const away = () => Promise.reject(new Error("away"));
  await expect(plansInZooKeeper({ cluster: "orders", nodes }, nodes[0], "2.2", away)).rejects.toThrow(
    nodes.map(({ host }) => `${host}: away`).join("; "),
  );
});
