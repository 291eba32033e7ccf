import { clientConfiguration } from "../../../lib/operate/flink-cli/client-configuration";
import { clientFiles } from "../../../lib/software/client-files";

const configuration = clientConfiguration({
  cluster: {
    "parallelism.default": "3",
    "execution.checkpointing.interval": "10 s",
    "taskmanager.numberOfTaskSlots": "4",
    "security.ssl.internal.key-password": "secret",
    "web.upload.dir": "/var/lib/flink/jobmanager",
  },
  way: { address: "orders-node-1", port: 40_001 } as Parameters<typeof clientConfiguration>[0]["way"],
  files: clientFiles("/private/tls"),
  java: "/java",
  temporary: "/private/tmp",
});

test("Flink's command lines know of the cluster what jobs are given, and nothing of its nodes", () => {
  expect(configuration).toMatchObject({
    ...{ "parallelism.default": "3", "execution.checkpointing.interval": "10 s" },
    ...{ "rest.address": "orders-node-1", "rest.port": "40001" },
  });
  expect(configuration).not.toHaveProperty(["taskmanager.numberOfTaskSlots"]);
  expect(configuration).not.toHaveProperty(["security.ssl.internal.key-password"]);
});

test("all that they write meanwhile lies in the folder that is removed", () => {
  expect([configuration["io.tmp.dirs"], configuration["web.upload.dir"]]).toEqual(["/private/tmp", "/private/tmp"]);
});
