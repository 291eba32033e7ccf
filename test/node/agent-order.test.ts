import * as fs from "fs";
import { Agent } from "../../lib/node/agent/agent";
import type { AuthorityKeys } from "../../lib/node/agent/certificates/authority-keys";
import { ensureDataVolume } from "../../lib/node/agent/data-volume";
import type { ObjectStore, SharedObjects } from "../../lib/node/agent/object-store";
import { Reporter } from "../../lib/node/agent/reporter";
import { installSoftware } from "../../lib/node/agent/software";
import { sha256Of, StateStore } from "../../lib/node/agent/state-store";
import { StartedUnits } from "../../lib/node/agent/unit-inputs";
import { clusterDesiredState } from "../../lib/node/node-layout";
import { clusterInput } from "./support/cluster-input";
import { temporaryFolder } from "./support/software";

jest.mock("../../lib/node/agent/data-volume");
jest.mock("../../lib/node/agent/software");
jest.spyOn(process.stdout, "write").mockImplementation(() => true);

test("an agent that begins anew serves the credentials of jobs before all that may take long", async () => {
  const folder = temporaryFolder();
  const never = () => new Promise<never>(() => undefined);
  const order: string[] = [];
  jest.mocked(ensureDataVolume).mockImplementation(() => (order.push("data volume"), never()));
  const fetching = new Promise<void>((resolve) => {
    jest.mocked(installSoftware).mockImplementation(() => (order.push("software"), resolve(), never()));
  });
  try {
    const state = clusterDesiredState(clusterInput());
    const states = new StateStore(folder);
    const bytes = Buffer.from(JSON.stringify(state));
    const reference = { versionId: "v", sha256: sha256Of(bytes), since: "2026-01-01T00:00:00.000Z" };
    await states.recordApplied({ bytes, reference });
    const identity = {
      ...{ cluster: state.cluster, node: state.nodes[0].name, bucket: "b", softwareBucket: "s" },
      ...{ region: "eu-west-1", dnsSuffix: "amazonaws.com", dataVolumeId: "vol-1" },
    };
    const store = { currentVersion: never, read: never, open: never } as Partial<ObjectStore & SharedObjects>;
    const jobCredentials = {
      serve: () => Promise.reject(new Error("it is too late")),
      serveAgain: ({ roleArn }: { roleArn: string }) => (order.push(`credentials of ${roleArn}`), Promise.resolve()),
    };
    const all = store as ObjectStore & SharedObjects;
    const agent = new Agent(
      identity,
      all,
      new Reporter(identity, "boot", all),
      {} as AuthorityKeys,
      jobCredentials,
      states,
      new StartedUnits(folder),
    );
    void agent.run(new AbortController().signal);
    await fetching;
    expect(order.slice(0, 2)).toEqual([`credentials of ${state.jobCredentials.roleArn}`, "data volume"]);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
