import { knownKeys } from "../../lib/settings/known-keys";

describe.each(["1.20", "2.2", "2.3"])("known keys of Flink %s", (line) => {
  const known = knownKeys(line)!;

  test("are as many as the distribution has, sorted out of what is not of the cluster", () => {
    const all = [...known.all()];
    expect(all.length).toBeGreaterThan(900);
    expect(all.filter((key) => !/^[A-Za-z][A-Za-z0-9._-]*$/.test(key))).toEqual([]);
    expect(all.filter((key) => /^(kubernetes|yarn|internal)\./.test(key))).toEqual([]);
    for (const foreign of ["connector", "field-delimiter", "interval", "factory.class", "path"]) {
      expect(known.has(foreign)).toBe(false);
    }
  });

  test("old names are told from current ones", () => {
    expect(known.currentNames("high-availability")).toEqual(["high-availability.type"]);
    expect(known.currentNames("high-availability.type")).toEqual([]);
    expect(known.currentNames("state.checkpoints.dir")).toEqual(["execution.checkpointing.dir"]);
  });

  test("entries of a map are known, and of no other key", () => {
    expect(known.mapOf("pipeline.global-job-parameters.a.b")).toBe("pipeline.global-job-parameters");
    expect(known.has("pipeline.global-job-parameters.a.b")).toBe(true);
    expect(known.has("parallelism.default.x")).toBe(false);
  });
});

test("a line without a list", () => expect(knownKeys("2.9")).toBeUndefined());
