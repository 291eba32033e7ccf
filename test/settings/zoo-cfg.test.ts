import { renderZooCfg, zooKeeperConnect } from "../../lib/settings";

const servers = [1, 2, 3].map((id) => ({ id, host: `node-${id}.orders.flink.internal` }));

describe("zoo.cfg", () => {
  test("an ensemble", () => {
    const lines = renderZooCfg(servers, "/data/zookeeper").split("\n");
    expect(lines).toContain("dataDir=/data/zookeeper");
    expect(lines).toContain("clientPort=2281");
    expect(lines).toContain("admin.enableServer=false");
    expect(lines).toContain("4lw.commands.whitelist=ruok,srvr,mntr");
    expect(lines.filter((line) => line.startsWith("server."))).toEqual([
      "server.1=node-1.orders.flink.internal:2888:3888",
      "server.2=node-2.orders.flink.internal:2888:3888",
      "server.3=node-3.orders.flink.internal:2888:3888",
    ]);
  });

  test("a single server stands alone", () => {
    expect(renderZooCfg(servers.slice(0, 1), "/d")).not.toContain("server.");
  });

  test("an even number is refused", () => {
    expect(() => renderZooCfg(servers.slice(0, 2), "/d")).toThrow("zooKeeperNodeCount is 2, but must be 1, 3 or 5");
  });

  test("the connect string names every server", () => {
    expect(zooKeeperConnect(servers)).toBe(
      "node-1.orders.flink.internal:2281,node-2.orders.flink.internal:2281,node-3.orders.flink.internal:2281",
    );
  });
});
