import { Size } from "../../lib/core/size";
import { Architecture, InstanceType, type InstanceTypeAttributes } from "../../lib/settings";
import { INSTANCE_TYPES } from "../../lib/settings/instance-type-table";

describe("InstanceType", () => {
  test("rows of the table as AWS states them", () => {
    const facts = (name: string): string => {
      const type = InstanceType.fromName(name);
      return `${type.vCpus} ${type.memory} ${type.architecture}`;
    };
    expect(facts("m7i.large")).toBe("2 8 GiB amd64");
    expect(facts("r7i.8xlarge")).toBe("32 256 GiB amd64");
    expect(facts("c7g.large")).toBe("2 4 GiB arm64");
    expect(facts("t3.medium")).toBe("2 4 GiB amd64");
    expect(facts("t4g.2xlarge")).toBe("8 32 GiB arm64");
    expect(facts("m7i-flex.large")).toBe("2 8 GiB amd64");
  });

  test("every row has at least 4 GiB and a g in its family exactly when it is arm64", () => {
    expect(INSTANCE_TYPES.size).toBeGreaterThan(100);
    for (const row of INSTANCE_TYPES.values()) {
      expect(row.memoryGib).toBeGreaterThanOrEqual(4);
      expect([row.name, row.arm]).toEqual([row.name, /^[a-z]\dg/.test(row.name)]);
    }
  });

  test("every named constant is the type that its name says", () => {
    const constants = Object.entries(InstanceType).filter(([, value]) => value instanceof InstanceType);
    expect(constants.length).toBeGreaterThan(15);
    for (const [constant, type] of constants) {
      expect(constant).toBe((type as InstanceType).name.toUpperCase().replace(".", "_"));
    }
  });

  const attributes: InstanceTypeAttributes = {
    name: "x9q.large",
    vCpus: 3,
    memory: Size.gibibytes(5),
    architecture: Architecture.ARM64,
  };

  test("any other type by its attributes", () => {
    const type = InstanceType.of(attributes);
    expect({ ...type }).toEqual(attributes);
    expect(type.toString()).toBe("x9q.large");
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["empty name", { name: "" }, 'InstanceType.name is ""'],
    ["hostile name", { name: "m7i.${x}" }, 'InstanceType.name is "m7i.${x}"'],
    ["no processors", { vCpus: 0 }, "InstanceType.vCpus is 0"],
    ["NaN processors", { vCpus: NaN }, "InstanceType.vCpus is NaN"],
    ["too small", { memory: Size.mebibytes(4095) }, "InstanceType.memory is 4095 MiB, but must be a Size from 4 GiB"],
    ["memory as a number", { memory: 8 }, "InstanceType.memory is 8"],
    ["architecture", { architecture: "x86" }, 'InstanceType.architecture is "x86"'],
  ])("of() refuses %s", (_name, change, message) => {
    expect(() => InstanceType.of({ ...attributes, ...change })).toThrow(message);
  });

  test("fromName() names the nearest", () => {
    expect(() => InstanceType.fromName("m7i.larg")).toThrow("the nearest of which is m7i.large");
    expect(() => InstanceType.fromName("")).toThrow('InstanceType.fromName is ""');
    expect(() => InstanceType.fromName(undefined as unknown as string)).toThrow("InstanceType.fromName is undefined");
  });
});
