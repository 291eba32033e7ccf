import { spawn } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { writeFileAtomically } from "../../lib/node/agent/files";
import { sha256Of, StateStore, type StoredState } from "../../lib/node/agent/state-store";
import { LONGEST_TRIAL_MINUTES, Trial } from "../../lib/node/agent/trial/trial";
import { TrialUnits } from "../../lib/node/agent/trial/trial-units";
import { MachineServices } from "./support/machine-services";
import { archivePart, filePart, type PublishedPart, temporaryFolder } from "./support/software";

jest.mock("../../lib/node/agent/files", () => {
  const actual = jest.requireActual<{ writeFileAtomically: typeof writeFileAtomically }>("../../lib/node/agent/files");
  return { ...actual, writeFileAtomically: jest.fn(actual.writeFileAtomically) };
});
const { writeFileAtomically: write } = jest.requireActual<{ writeFileAtomically: typeof writeFileAtomically }>(
  "../../lib/node/agent/files",
);

const BOOTSTRAP = path.resolve(__dirname, "../../lib/node/bootstrap/bootstrap.py");
const DRIVER = path.join(__dirname, "support/bootstrap_driver.py");

/** The Node.js that runs the tests, which need not know the agent's own options. */
const nodeJs = archivePart("nodejs", { "bin/node": `#!/bin/sh\nshift\nexec ${process.execPath} "$@"\n` });
const good = filePart("agent", `console.log("the good agent"); process.exit(0);`, "agent.js");
/** It starts well enough for a look at it. */
const falling = filePart(
  "agent",
  `if (process.argv.includes("--check")) process.exit(0);
   console.log("the falling agent");
   setImmediate(() => { throw new Error("fell"); });`,
  "agent.js",
);

function stateOf(agent: PublishedPart): StoredState {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 1, nodeJs: nodeJs.item, agent: agent.item }));
  return { bytes, reference: { versionId: "v", sha256: sha256Of(bytes), since: "2026-01-01T00:00:00.000Z" } };
}

const [first, second] = [stateOf(good), stateOf(falling)];

/** Says how often the agent was started anew, and writes down what else it is asked; first, what happens meanwhile. */
const SYSTEMCTL = `#!/bin/sh
[ -f "$TRIAL_TEST/meanwhile-$1" ] && sh "$TRIAL_TEST/meanwhile-$1"
case "$1" in
  show) printf 'Id=flink-agent.service\\nActiveState=activating\\nSubState=auto-restart\\nNRestarts=%s\\n' "$(cat "$TRIAL_TEST/restarts")" ;;
  *) [ "$*" = "$(cat "$TRIAL_TEST/refused" 2>/dev/null)" ] && exit 1; echo "$*" >> "$TRIAL_TEST/commands" ;;
esac
`;

jest.spyOn(process.stdout, "write").mockImplementation(() => true);
describe("the trial of what was taken over", () => {
  const before = { ...process.env };
  let folder: string;
  let prefix: string;
  let services: MachineServices;
  let states: StateStore;
  let trial: Trial;

  beforeEach(async () => {
    services = await MachineServices.start();
    folder = temporaryFolder();
    prefix = path.join(folder, "node");
    for (const each of ["bin", "units", "node/state", "node/software"]) {
      fs.mkdirSync(path.join(folder, each), { recursive: true });
    }
    fs.writeFileSync(path.join(folder, "bin/systemctl"), SYSTEMCTL, { mode: 0o755 });
    process.env.PATH = `${path.join(folder, "bin")}:${before.PATH}`;
    process.env.TRIAL_TEST = folder;
    setRestarts(3);

    const identity = { cluster: "orders", bucket: "b", softwareBucket: "s", region: "eu-west-1", dnsSuffix: "x" };
    fs.writeFileSync(path.join(prefix, "identity.json"), JSON.stringify(identity));
    for (const part of [nodeJs, good, falling]) services.objects.set(`s/${part.item.key}`, part.bytes);
    states = new StateStore(path.join(prefix, "state"));
    await states.recordApplied(first);
    trial = theTrial();
  });

  afterEach(async () => {
    process.env = { ...before };
    await services.stop();
    fs.rmSync(folder, { recursive: true });
  });

  function theTrial(): Trial {
    const units = new TrialUnits(["/opt/node", "--use-system-ca", "/opt/old agent.js"], path.join(folder, "units"));
    return new Trial(states, units, path.join(prefix, "state"));
  }

  function setRestarts(count: number): void {
    fs.writeFileSync(path.join(folder, "restarts"), String(count));
  }

  function commands(): string[] {
    const file = path.join(folder, "commands");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  }

  const trialFile = () => path.join(prefix, "state", "trial.json");
  const units = () => fs.readdirSync(path.join(folder, "units")).sort();
  const stateFiles = () => fs.readdirSync(path.join(prefix, "state"));
  const applied = async () => (await states.applied())?.reference.sha256;

  /** As systemd starts the agent's unit: the bootstrap, which becomes the agent of what is applied. */
  function startAgent(): Promise<{ exitCode: number | null; output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn("python3", [DRIVER, BOOTSTRAP, prefix, services.url, "become"], { timeout: 50_000 });
      let output = "";
      child.stdout.on("data", (data: Buffer) => (output += String(data)));
      child.on("error", reject);
      child.on("close", (exitCode) => resolve({ exitCode, output }));
    });
  }

  async function takeOver(): Promise<void> {
    await trial.begin(second.reference.sha256, first.reference.sha256);
    await states.recordApplied(second);
    // The agent before made way.
    setRestarts(4);
  }

  test("goes back when the agent has ended five times, and the bootstrap starts the agent before", async () => {
    await takeOver();
    for (let end = 1; end <= 5; end++) {
      await trial.judge();
      expect(await applied()).toBe(second.reference.sha256);
      const { exitCode, output } = await startAgent();
      expect([exitCode, output]).toEqual([1, expect.stringContaining("the falling agent")]);
      setRestarts(4 + end);
    }
    const begun = commands().length;
    await trial.judge();
    expect(await applied()).toBe(first.reference.sha256);
    expect(await states.wasHealthy()).toBe(true);
    expect(commands().slice(begun)).toEqual([
      "stop flink-agent.service",
      "start flink-agent.service",
      "disable --now flink-agent-trial.timer",
      "daemon-reload",
    ]);
    expect(units()).toEqual([]);

    const { exitCode, output } = await startAgent();
    expect([exitCode, output]).toEqual([0, expect.stringContaining("the good agent")]);
    expect(await theTrial().fellBackFrom(second.reference.sha256)).toBe("its agent ended 5 times");
    expect(await theTrial().fellBackFrom(first.reference.sha256)).toBeUndefined();
    expect(stateFiles()).not.toContain("trial.json");
  });

  test("counts anew after a boot, from which on systemd does", async () => {
    await takeOver();
    setRestarts(8);
    await trial.judge();
    setRestarts(0);
    await trial.judge();
    setRestarts(5);
    await trial.judge();
    expect(await applied()).toBe(second.reference.sha256);
    setRestarts(6);
    await trial.judge();
    expect(await applied()).toBe(first.reference.sha256);
  });

  test("goes back from an agent that only hangs, when nobody has ended the trial for long", async () => {
    await takeOver();
    for (let minute = 1; minute < LONGEST_TRIAL_MINUTES; minute++) await theTrial().judge();
    expect(await applied()).toBe(second.reference.sha256);
    await theTrial().judge();
    expect(await applied()).toBe(first.reference.sha256);
    expect(await trial.fellBackFrom(second.reference.sha256)).toBe(
      "its agent did not say within 40 minutes whether all is well",
    );
  });

  test.each(["stop flink-agent.service", "start flink-agent.service", "disable --now flink-agent-trial.timer"])(
    "goes back all the same where it is cut at: %s",
    async (refused) => {
      await takeOver();
      setRestarts(9);
      fs.writeFileSync(path.join(folder, "refused"), refused);
      await expect(trial.judge()).rejects.toThrow(refused);
      fs.rmSync(path.join(folder, "refused"));
      // The agent that was stopped is not counted any more.
      setRestarts(0);
      await theTrial().judge();
      expect(await applied()).toBe(first.reference.sha256);
      expect(commands()).toContain("start flink-agent.service");
      expect(units()).toEqual([]);
    },
  );

  describe("on a disk that what was taken over has filled", () => {
    const NO_SPACE = "ENOSPC: no space left on device";
    const reserve = () => path.join(prefix, "state", "trial-reserve");
    afterEach(() => jest.mocked(writeFileAtomically).mockImplementation(write));

    test("goes back with the room that was laid by", async () => {
      await takeOver();
      const { blocks } = fs.statSync(reserve());
      expect(blocks * 512).toBeGreaterThanOrEqual(1 << 20);
      jest.mocked(writeFileAtomically).mockImplementation((...args) => {
        if (fs.existsSync(reserve())) return Promise.reject(new Error(NO_SPACE));
        return write(...args);
      });
      setRestarts(9);
      await trial.judge();
      expect(await applied()).toBe(first.reference.sha256);
      expect(await trial.fellBackFrom(second.reference.sha256)).toBe("its agent ended 5 times");
    });

    test("begins nothing where there is no such room", async () => {
      jest.mocked(writeFileAtomically).mockImplementation((file, content, ...rest) => {
        return content.length > 1000 ? Promise.reject(new Error(NO_SPACE)) : write(file, content, ...rest);
      });
      await expect(trial.begin(second.reference.sha256, first.reference.sha256)).rejects.toThrow(NO_SPACE);
      expect(stateFiles()).not.toContain("trial.json");
      expect(commands()).toEqual([]);
    });

    test("keeps the room no longer than the trial", async () => {
      await takeOver();
      await trial.end();
      expect(fs.existsSync(reserve())).toBe(false);
    });
  });

  test("is over when the roll says so, and then nothing is gone back from", async () => {
    await takeOver();
    await trial.end();
    expect(units()).toEqual([]);
    setRestarts(100);
    await trial.judge();
    expect(await applied()).toBe(second.reference.sha256);
    const asked = commands().length;
    await trial.end();
    expect(commands()).toHaveLength(asked);
  });

  test("leaves alone what is not taken over yet, and what the roll went back from", async () => {
    await trial.begin(second.reference.sha256, first.reference.sha256);
    setRestarts(50);
    await trial.judge();
    expect(await applied()).toBe(first.reference.sha256);
    await states.recordApplied(second);
    await states.goBack(first.reference.sha256, new Date());
    await trial.judge();
    expect(await trial.fellBackFrom(second.reference.sha256)).toBeUndefined();
    expect(commands()).not.toContain("stop flink-agent.service");
  });

  test.each([
    ["ended", () => `rm ${trialFile()}`],
    [
      "ended, and that of another begun",
      () => `printf '{"sha256":"other","before":"${second.reference.sha256}"}' > ${trialFile()}`,
    ],
  ])("does not go back from what holds: it was %s while its agent was being stopped", async (_what, meanwhile) => {
    await takeOver();
    setRestarts(9);
    fs.writeFileSync(path.join(folder, "meanwhile-stop"), meanwhile());
    const begun = commands().length;
    await trial.judge();
    expect(await applied()).toBe(second.reference.sha256);
    expect(await trial.fellBackFrom(second.reference.sha256)).toBeUndefined();
    expect(commands().slice(begun)).toEqual(["stop flink-agent.service", "start flink-agent.service"]);
    expect(fs.existsSync(trialFile())).toBe(meanwhile().includes("other"));
  });

  test.each([
    ["goes on", 4],
    ["would go back", 9],
  ])("is not brought back when it ends while it is looked at, by a look that %s", async (_what, restarts) => {
    await takeOver();
    setRestarts(restarts);
    fs.writeFileSync(path.join(folder, "meanwhile-show"), `rm -f ${trialFile()}`);
    await trial.judge();
    expect(await applied()).toBe(second.reference.sha256);
    expect(stateFiles()).not.toContain("trial.json");
    expect(stateFiles()).not.toContain("fall-back.json");
    expect(commands()).not.toContain("stop flink-agent.service");
  });

  test("what failed once is not held against the next try", async () => {
    await takeOver();
    setRestarts(9);
    await trial.judge();
    await trial.begin(second.reference.sha256, first.reference.sha256);
    expect(await trial.fellBackFrom(second.reference.sha256)).toBeUndefined();
  });

  test("is judged by the agent before, each minute, by units that survive a boot", async () => {
    await takeOver();
    expect(commands()).toEqual(["daemon-reload", "enable flink-agent-trial.timer", "restart flink-agent-trial.timer"]);
    const text = (name: string) => fs.readFileSync(path.join(folder, "units", name), "utf8");
    expect(text("flink-agent-trial.service")).toContain(
      `ExecStart=/opt/node --use-system-ca "/opt/old agent.js" --judge-trial\n`,
    );
    expect(text("flink-agent-trial.timer")).toContain("OnActiveSec=60\nOnUnitInactiveSec=60\n");
  });
});
