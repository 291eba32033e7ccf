import { waitFor } from "../lab/wait-for";
import { NodeWatch, SeenNodes } from "./node-watch";

/** A machine of which a test says what `systemctl` shows. */
class PlayedNode {
  public isOn = true;
  public serves = true;
  public state = "active";
  public invocation = "a";
  public looks = 0;
  /** Another one where it is made anew. */
  private id = 1;

  public constructor(public readonly name: string) {}

  public replace(): void {
    this.id += 1;
  }

  public watched(units: readonly string[] = ["some.service"]) {
    return {
      ...{ name: this.name, units },
      machine: () => {
        this.looks += 1;
        const { name, isOn, id } = this;
        return { name, isOn, run: () => (this.id === id ? this.show() : Promise.reject(new Error("it is gone"))) };
      },
      serves: () => Promise.resolve(this.serves),
    };
  }

  private show(): Promise<string> {
    return Promise.resolve(`InvocationID=${this.invocation}\nActiveState=${this.state}\n`);
  }
}

async function watched(
  act: (one: PlayedNode, look: () => Promise<void>, other: PlayedNode) => Promise<void>,
): Promise<SeenNodes & { readonly times: readonly number[] }> {
  const [one, other] = [new PlayedNode("lab-node-1"), new PlayedNode("lab-node-2")];
  const watch = NodeWatch.start([one.watched(), other.watched()], 1);
  const look = async (): Promise<void> => {
    const before = Math.min(one.looks, other.looks);
    // One may be on its way just now.
    const options = { timeout: 50_000, interval: 1, what: "a look" };
    await waitFor(() => Math.min(one.looks, other.looks) > before + 1, options);
  };
  await look();
  await act(one, look, other);
  const seen = await watch.stop();
  return { ...seen, times: [one, other].map(({ name }) => seen.down.get(name)!.length) };
}

test("a node whose machine and processes go on is not down, whatever is asked of it", async () => {
  const seen = await watched(async (one, look) => {
    one.serves = false;
    await look();
  });
  expect(seen).toMatchObject({ times: [0, 0], mostDown: 0 });
  expect(seen.samples).toBeGreaterThan(2);
});

test.each<[string, (one: PlayedNode, look: () => Promise<void>) => Promise<void>]>([
  [
    "its machine is off, until its units serve",
    async (one, look) => {
      [one.isOn, one.serves] = [false, false];
      await look();
      one.isOn = true;
      await look();
      one.serves = true;
    },
  ],
  [
    "its machine is made anew",
    async (one, look) => {
      one.isOn = false;
      await look();
      one.replace();
      [one.isOn, one.invocation] = [true, "b"];
    },
  ],
  [
    "a unit ended and is not active yet",
    async (one, look) => {
      one.state = "activating";
      await look();
      one.state = "active";
    },
  ],
  [
    "a unit was started anew between two looks",
    async (one) => {
      one.invocation = "b";
      await Promise.resolve();
    },
  ],
])("it is down once where %s", async (_, act) => {
  const seen = await watched(async (one, look) => {
    await act(one, look);
    await look();
  });
  expect(seen).toMatchObject({ times: [1, 0], mostDown: 1 });
});

test("two that are down at one moment are two, and one that is still down at the end was down", async () => {
  const seen = await watched(async (one, look, other) => {
    one.isOn = false;
    await look();
    other.isOn = false;
    await look();
  });
  expect(seen).toMatchObject({ times: [1, 1], mostDown: 2 });
});

test("a node of which no unit is known is not watched", () => {
  expect(() => NodeWatch.start([new PlayedNode("lab-node-1").watched([])])).toThrow(/lab-node-1 reports no units/);
});
