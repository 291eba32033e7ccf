import { renderZooCfg, zooKeeperConnect } from "../../lib/settings";

const servers = [1, 2, 3].map((id) => ({ id, host: `node-${id}.orders.flink.internal` }));

describe("zoo.cfg", () => {
  test("an ensemble", () => {
    const lines = renderZooCfg(servers, "/data/zookeeper").split("\n");
    expect(lines).toContain("dataDir=/data/zookeeper");
    expect(lines).toContain("secureClientPort=2281");
    expect(lines).toContain("admin.enableServer=false");
    expect(lines).toContain("4lw.commands.whitelist=ruok,srvr,mntr");
    expect(lines.filter((line) => line.startsWith("server."))).toEqual([
      "server.1=node-1.orders.flink.internal:2888:3888",
      "server.2=node-2.orders.flink.internal:2888:3888",
      "server.3=node-3.orders.flink.internal:2888:3888",
    ]);
  });

  test("a single server stands alone", () => {
    expect(renderZooCfg(servers.slice(0, 1), "/d")).not.toMatch(/^server\./m);
  });

  test.each([1, 3])("of %j servers has no plain port, and asks everybody for a certificate", (count) => {
    const lines = renderZooCfg(servers.slice(0, count), "/d").split("\n");
    expect(lines.filter((line) => line.startsWith("clientPort"))).toEqual([]);
    expect(lines).toContain("serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory");
    expect(lines).toContain("sslQuorum=true");
    for (const kind of ["ssl", "ssl.quorum"]) {
      expect(lines).toContain(`${kind}.clientAuth=need`);
      expect(lines).toContain(`${kind}.enabledProtocols=TLSv1.2`);
      expect(lines).toContain(
        `${kind}.ciphersuites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`,
      );
    }
    expect(lines.filter((line) => /hostnameVerification|portUnification/i.test(line))).toEqual([]);
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
