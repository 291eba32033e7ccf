import { execArgument } from "../../../lib/node/systemd-text";
import {
  InstanceType,
  renderFlinkConfiguration,
  renderYaml,
  renderZooCfg,
  resolveFlinkSettings,
  taskManagerOverrides,
} from "../../../lib/settings";
import { withUpstreamDefaults } from "./upstream-defaults";

const settings = resolveFlinkSettings({ instanceType: InstanceType.M7I_LARGE }, 3);
const surroundings = {
  cluster: "lab",
  checkpointsUri: "s3p://b/checkpoints",
  savepointsUri: "s3p://b/savepoints",
  highAvailabilityUri: "s3p://b/ha",
  s3Endpoint: "https://s3.eu-west-1.amazonaws.com",
  zooKeeperConnect: "node-1:2281",
};
const arguments_ = Object.entries(taskManagerOverrides(settings)).map(([key, value]) =>
  execArgument(`${key}=${value}`),
);
const state = {
  configuration: renderYaml(renderFlinkConfiguration(settings, surroundings, { name: "node-1", host: "node-1" })),
  zooCfg: renderZooCfg(
    [1, 2, 3].map((id) => ({ id, host: `node-${id}` })),
    "/data",
  ),
  unit: `ExecStart=/flink/bin/taskmanager.sh start-foreground -D ${arguments_.join(" -D ")}\nRestart=always`,
};

test("every waiting time of ours gives way to upstream's, and nothing else changes", () => {
  const upstream = withUpstreamDefaults(state);
  expect(upstream.configuration).toContain('high-availability.zookeeper.client.session-timeout: "1 min"\n');
  expect(upstream.configuration).toContain('web.timeout: "10 min"\n');
  expect(upstream.unit).toContain('"high-availability.zookeeper.client.session-timeout=1 min"');
  expect(upstream.zooCfg).toMatch(/^tickTime=2000\ninitLimit=10\nsyncLimit=5\ndataDir=/);
  const changedLines = (before: string, after: string) => {
    const left = new Set(after.split("\n"));
    return before.split("\n").filter((line) => !left.has(line)).length;
  };
  expect(changedLines(state.configuration, upstream.configuration)).toBe(8);
  expect(changedLines(state.zooCfg, upstream.zooCfg)).toBe(5);
  expect(upstream.unit.split("\n")).toHaveLength(2);
});

test("a state without one of them is told", () => {
  expect(() => withUpstreamDefaults({ ...state, zooCfg: "" })).toThrow("the desired state has no tickTime, initLimit");
});
