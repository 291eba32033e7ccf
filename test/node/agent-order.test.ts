import * as fs from "fs";
import { Agent } from "../../lib/node/agent/agent";
import { layOut } from "../../lib/node/agent/apply";
import type { AuthorityServices } from "../../lib/node/agent/certificates/authorities";
import { certificateInputs } from "../../lib/node/agent/certificates/certificate-inputs";
import { ensureDataVolume } from "../../lib/node/agent/data-volume";
import { FlinkGate } from "../../lib/node/agent/flink-gate";
import { HostFirewallWatch } from "../../lib/node/agent/host-firewall-watch";
import type { ObjectStore, SharedObjects } from "../../lib/node/agent/object-store";
import { Reporter } from "../../lib/node/agent/reporter";
import { installSoftware } from "../../lib/node/agent/software";
import { sha256Of, StateStore } from "../../lib/node/agent/state-store";
import { Supervisor } from "../../lib/node/agent/supervisor";
import { Trial } from "../../lib/node/agent/trial/trial";
import { TrialUnits } from "../../lib/node/agent/trial/trial-units";
import { StartedUnits } from "../../lib/node/agent/unit-inputs";
import type { ConnectionCredentialSpec } from "../../lib/node/desired-state";
import { clusterDesiredState } from "../../lib/node/node-layout";
import { clusterInput } from "./support/cluster-input";
import { temporaryFolder } from "./support/software";

// What touches the machine.
jest.mock("../../lib/node/agent/apply");
jest.mock("../../lib/node/agent/certificates/certificate-inputs");
jest.mock("../../lib/node/agent/certificates/certificates");
jest.mock("../../lib/node/agent/data-volume");
jest.mock("../../lib/node/agent/host-firewall-watch");
jest.mock("../../lib/node/agent/software");
jest.mock("../../lib/node/agent/supervisor");
jest.mock("../../lib/node/agent/systemd");
jest.mock("../../lib/node/agent/volume-growth");
jest.spyOn(process.stdout, "write").mockImplementation(() => true);

describe("an agent that begins anew", () => {
  const state = clusterDesiredState(clusterInput());
  const never = () => new Promise<never>(() => undefined);
  let folder: string;
  let order: string[];
  /** Ends the agent of a test, which would otherwise go on in the next one's. */
  let stop: AbortController;
  let tryConnections: () => Promise<void>;
  let lookAtLogs: () => Promise<void>;
  /** Notes that it came so far. */
  const note = (what: string) => () => (order.push(what), Promise.resolve());

  beforeEach(() => {
    folder = temporaryFolder();
    order = [];
    stop = new AbortController();
    tryConnections = () => Promise.resolve();
    lookAtLogs = () => (order.push("look at logs"), never());
    jest.mocked(ensureDataVolume).mockImplementation(note("data volume"));
    jest.mocked(installSoftware).mockImplementation(note("software"));
    jest.mocked(layOut).mockImplementation(note("layout"));
    jest.mocked(certificateInputs).mockResolvedValue(new Map());
  });
  afterEach(() => {
    stop.abort();
    fs.rmSync(folder, { recursive: true });
  });

  async function agent(): Promise<Agent> {
    const states = new StateStore(folder);
    const bytes = Buffer.from(JSON.stringify(state));
    const reference = { versionId: "v", sha256: sha256Of(bytes), since: "2026-01-01T00:00:00.000Z" };
    await states.recordApplied({ bytes, reference });
    const identity = {
      ...{ cluster: state.cluster, node: state.nodes[0].name, bucket: "b", softwareBucket: "s" },
      ...{ region: "eu-west-1", dnsSuffix: "amazonaws.com", dataVolumeId: "vol-1" },
    };
    const store = { currentVersion: never, read: never, open: never } as Partial<ObjectStore & SharedObjects>;
    const all = store as ObjectStore & SharedObjects;
    const jobCredentials = {
      serve: note("credentials"),
      failure: () => undefined,
      serveAgain: ({ roleArn }: { roleArn: string }) => note(`credentials of ${roleArn}`)(),
    };
    const connections = {
      keep: (specs: readonly ConnectionCredentialSpec[]) => {
        order.push(...specs.map(({ name }) => `connection ${name}`));
        return { tried: tryConnections(), ended: never() };
      },
    };
    const logs = {
      serveAgain: () => Promise.resolve(),
      begin: note("logs"),
      look: () => lookAtLogs(),
    };
    const reporter = new Reporter(identity, "boot", all);
    return new Agent(
      identity,
      all,
      reporter,
      {} as AuthorityServices,
      jobCredentials,
      connections,
      [logs],
      states,
      new StartedUnits(folder),
      new Trial(states, new TrialUnits([], folder), folder),
      new FlinkGate(folder),
    );
  }

  test("serves the credentials of jobs before all that may take long", async () => {
    const fetching = new Promise<void>((resolve) => {
      jest.mocked(installSoftware).mockImplementation(() => (resolve(), never()));
    });
    void (await agent()).run(stop.signal);
    await fetching;
    expect(order).toEqual([`credentials of ${state.jobCredentials.roleArn}`, "data volume"]);
  });

  test("starts Flink once the credentials of connections were tried for, with those of jobs", async () => {
    const starting = new Promise<void>((resolve) => {
      const start = jest.spyOn(Supervisor.prototype, "start");
      start.mockImplementationOnce(() => (order.push("units"), resolve(), never()));
    });
    // As long as a service takes to answer.
    tryConnections = () => new Promise((resolve) => setImmediate(() => (order.push("tried"), resolve())));
    void (await agent()).run(stop.signal);
    await starting;
    expect(order.slice(-5)).toEqual(["credentials", "connection bookings", "tried", "logs", "units"]);
  });

  test("ships logs once it has tried to start Flink, also where that fails", async () => {
    const looked = new Promise<void>((resolve) => {
      lookAtLogs = () => (order.push("look at logs"), resolve(), never());
    });
    const start = jest.spyOn(Supervisor.prototype, "start");
    start.mockImplementationOnce(() => (order.push("units"), Promise.reject(new Error("no Java"))));
    const startedAgain = new Promise<void>((resolve) => start.mockImplementationOnce(async () => resolve()));
    void (await agent()).run(stop.signal);
    await looked;
    expect(order.slice(-3)).toEqual(["logs", "units", "look at logs"]);
    // Nothing of it goes on beside other tests.
    await startedAgain;
  });

  test("looks at the host firewall and the logs whenever it has looked at the units, and waits for no look that hangs", async () => {
    const look = jest.spyOn(HostFirewallWatch.prototype, "look").mockImplementation(never);
    const looked = new Promise<void>((resolve) => {
      jest.spyOn(Supervisor.prototype, "watch").mockImplementation(async (afterEach) => {
        await afterEach();
        resolve();
        return never();
      });
    });
    void (await agent()).run(stop.signal);
    await looked;
    expect(order).toContain("layout");
    expect(look).toHaveBeenCalledTimes(1);
    expect(order.slice(-2)).toEqual(["look at logs", "look at logs"]);
  });
});
