import * as fs from "fs";
import * as path from "path";
import { desiredStateKey, reportKey } from "../../lib/core/bucket-layout";
import { Agent } from "../../lib/node/agent/agent";
import type { AuthorityServices } from "../../lib/node/agent/certificates/authorities";
import { certificateInputs } from "../../lib/node/agent/certificates/certificate-inputs";
import { mustRun } from "../../lib/node/agent/command";
import { FlinkGate } from "../../lib/node/agent/flink-gate";
import { checkHealth } from "../../lib/node/agent/health";
import { Reporter } from "../../lib/node/agent/reporter";
import { sha256Of, StateStore } from "../../lib/node/agent/state-store";
import { Trial } from "../../lib/node/agent/trial/trial";
import { TrialUnits } from "../../lib/node/agent/trial/trial-units";
import { StartedUnits } from "../../lib/node/agent/unit-inputs";
import { clusterDesiredState } from "../../lib/node/node-layout";
import { FETCHED_STATE_FILE, FETCHED_VERSION_FILE } from "../../lib/node/paths";
import { MemoryObjects } from "./roll/memory-objects";
import { clusterInput } from "./support/cluster-input";
import { temporaryFolder } from "./support/software";

// What touches the machine.
jest.mock("../../lib/node/agent/apply");
jest.mock("../../lib/node/agent/certificates/certificate-inputs");
jest.mock("../../lib/node/agent/certificates/certificates");
jest.mock("../../lib/node/agent/command");
jest.mock("../../lib/node/agent/data-volume");
jest.mock("../../lib/node/agent/health");
jest.mock("../../lib/node/agent/host-firewall-watch");
jest.mock("../../lib/node/agent/software");
jest.mock("../../lib/node/agent/volume-growth");
jest.spyOn(process.stdout, "write").mockImplementation(() => true);

const state = clusterDesiredState(clusterInput());
const [own, ...others] = state.nodes.map(({ name }) => name);
const never = () => new Promise<never>(() => undefined);

/** Tells of each unit with which the agent comes to the gate. */
class WatchedGate extends FlinkGate {
  public constructor(
    folder: string,
    private readonly onStart: (unit: string) => void,
  ) {
    super(folder);
  }

  public override start(unit: string, act: () => Promise<void>): Promise<void> {
    this.onStart(unit);
    return super.start(unit, act);
  }
}

const isOfFlink = (unit: string) => unit.startsWith("flink-");

describe("the agent of a machine on which nothing was ever applied", () => {
  let folder: string;
  /** Units for which systemd was told to start them. */
  let started: string[];
  /** Ends the agents of a test, which would otherwise go on in the next one's. */
  let stop: AbortController;

  beforeEach(() => {
    folder = temporaryFolder();
    started = [];
    stop = new AbortController();
    jest.mocked(certificateInputs).mockResolvedValue(new Map());
    jest.mocked(checkHealth).mockResolvedValue({ healthy: true, detail: "" });
    const bytes = JSON.stringify(state);
    const version = JSON.stringify({ versionId: "v", sha256: sha256Of(Buffer.from(bytes)), since: "" });
    fs.writeFileSync(path.join(folder, path.basename(FETCHED_STATE_FILE)), bytes);
    fs.writeFileSync(path.join(folder, path.basename(FETCHED_VERSION_FILE)), version);
  });
  afterEach(() => {
    stop.abort();
    fs.rmSync(folder, { recursive: true });
  });

  function systemctl(verb: string, rest: readonly string[]): string {
    if (verb === "start") started.push(rest[0]);
    if (verb !== "show") return "";
    const units = rest.slice(rest.indexOf("--") + 1);
    return units
      .map((unit) => `Id=${unit}\nActiveState=${started.includes(unit) ? "active" : "inactive"}\n`)
      .join("\n");
  }

  /**
   * Runs it until systemd starts a process of Flink, or until it waits with one and has told why, which is given back.
   *
   * @param line of Flink that the others report
   */
  async function runBeside(line: string): Promise<string | undefined> {
    const objects = new MemoryObjects();
    objects.put(desiredStateKey(state.cluster), JSON.stringify(state));
    for (const node of others) {
      const report = { schemaVersion: 1, status: "unhealthy", software: [`flink ${line}.1`] };
      objects.put(reportKey(state.cluster, node), JSON.stringify(report));
    }
    const identity = {
      ...{ cluster: state.cluster, node: own, bucket: "b", softwareBucket: "s" },
      ...{ region: "eu-west-1", dnsSuffix: "amazonaws.com", dataVolumeId: "vol-1" },
    };
    const reporter = new Reporter(identity, "boot", objects);
    const states = new StateStore(folder);
    return new Promise((resolve) => {
      let reason: string | undefined;
      let waits = false;
      const look = () => {
        if (waits && reason !== undefined) resolve(reason);
      };
      jest.mocked(mustRun).mockImplementation((_, [verb, ...rest]) => {
        const answer = systemctl(verb, rest);
        if (verb !== "start" || !isOfFlink(rest[0])) return Promise.resolve(answer);
        resolve(undefined);
        return never();
      });
      jest.spyOn(reporter, "setRoll").mockImplementation((roll) => {
        reason = roll?.reason;
        look();
      });
      const gate = new WatchedGate(folder, (unit) => {
        waits ||= isOfFlink(unit);
        look();
      });
      const agent = new Agent(
        identity,
        objects,
        reporter,
        {} as AuthorityServices,
        { serve: () => Promise.resolve(), failure: () => undefined, serveAgain: () => Promise.resolve() },
        { keep: () => ({ tried: Promise.resolve(), ended: never() }) },
        [],
        states,
        new StartedUnits(folder),
        new Trial(states, new TrialUnits([], folder), folder),
        gate,
      );
      void agent.run(stop.signal);
    });
  }

  test("starts ZooKeeper and no Flink where others run another line, and neither does the one after it", async () => {
    for (const process of ["the first", "the next"]) {
      expect([process, await runBeside("0.9")]).toEqual([
        process,
        `${others[0]} runs Flink 0.9, and there are never two lines at once`,
      ]);
      expect(started.filter(isOfFlink)).toEqual([]);
      expect(started).toEqual([expect.stringMatching(/^zookeeper/)]);
    }
  });

  test("starts Flink where others run the same line", async () => {
    expect(await runBeside("1.0")).toBeUndefined();
    expect(started.filter(isOfFlink)).toHaveLength(1);
  });
});
