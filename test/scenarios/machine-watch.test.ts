import type { NodeReport } from "../../lib/node/report";
import { waitFor } from "../lab/wait-for";
import { MachineWatch } from "./machine-watch";

interface PlayedNode {
  readonly name: string;
  isOn: boolean;
  boot: number;
  status: NodeReport["status"];
}

function nodes(): PlayedNode[] {
  return ["lab-node-1", "lab-node-2"].map((name) => ({ name, isOn: true, boot: 1, status: "healthy" as const }));
}

async function watched(act: (nodes: PlayedNode[], look: () => Promise<void>) => Promise<void>) {
  const played = nodes();
  let reads = 0;
  const watch = await MachineWatch.start(
    () => [...played, { name: "lab-client", isOn: false }],
    async () => {
      reads += 1;
      return played.map(({ name, boot, status }) => ({ node: name, bootId: String(boot), status }) as NodeReport);
    },
    1,
  );
  await act(played, async () => {
    const before = reads;
    await waitFor(() => reads > before + 1, { timeout: 10_000, interval: 10, what: "a look" });
  });
  return watch.stop();
}

test("a node is away from when its machine is off until another boot of it is healthy", async () => {
  const seen = await watched(async ([one, two], look) => {
    one.isOn = false;
    await look();
    // Switched on, and not there yet: what it said last is of the boot before.
    one.isOn = true;
    await look();
    two.isOn = false;
    await look();
    Object.assign(one, { boot: 2 });
    Object.assign(two, { isOn: true, boot: 2 });
    await look();
  });
  expect(seen).toMatchObject({ stopped: ["lab-node-1", "lab-node-2"], mostAway: 2 });
});

test("one after the other is one at most", async () => {
  const seen = await watched(async (played, look) => {
    for (const node of played) {
      node.isOn = false;
      await look();
      Object.assign(node, { isOn: true, boot: 2, status: "starting" });
      await look();
      node.status = "healthy";
      await look();
    }
  });
  expect(seen).toMatchObject({ stopped: ["lab-node-1", "lab-node-2"], mostAway: 1 });
});
