import { TerraformVariable } from "cdktf";
import { Duration } from "../../lib/core/duration";
import { ValidationError } from "../../lib/core/validation";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { FlinkNetworkProps } from "../../lib/network/flink-network-props";
import { Peer } from "../../lib/network/peer";
import { testStack } from "../support/synth";

const variable = new TerraformVariable(testStack(), "v", {});
const TOKEN = variable.stringValue;
const HOSTILE = ["", " ", "${x}", "%{x}", '"', "a\nb", "ä.internal", TOKEN, null, NaN, {}, [], true];

const BAD: Record<keyof FlinkNetworkProps, unknown[]> = {
  cidr: [
    ...HOSTILE,
    "0.0.0.0/0",
    "8.8.0.0/16",
    "172.32.0.0/16",
    "11.0.0.0/16",
    "10.0.0.0/8",
    "10.0.0.0/25",
    "10.40.0.1/16",
    "10.40/16",
    "010.40.0.0/16",
    "10.40.0.0",
    "fd00::/16",
    "10.40.0.0/16 ",
  ],
  availabilityZoneCount: [0, 2, 4, -1, 1.5, NaN, "3", null, variable.numberValue],
  availabilityZones: [
    "eu-west-1a",
    [],
    ["eu-west-1a", "eu-west-1b"],
    ["eu-west-1a", "eu-west-1a", "eu-west-1b"],
    ["a", "b", "c"],
    ["${x}", "eu-west-1b", "eu-west-1c"],
    variable.listValue,
    null,
  ],
  domainName: [
    ...HOSTILE,
    "internal",
    "Flink.internal",
    "flink.internal.",
    "-a.internal",
    "a..internal",
    "10.0.0.1",
    "flink.local",
    "compute.internal",
    "eu-west-1.compute.internal",
    "s3.amazonaws.com",
    `${"a".repeat(64)}.internal`,
    `${"a.".repeat(100)}internal`,
  ],
  flowLogEncryptionKey: [
    null,
    "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" },
    {},
    variable,
  ],
  flowLogRetention: [365, "365", null, Duration.days(364), Duration.days(366), Duration.hours(1), {}],
};

for (const [property, values] of Object.entries(BAD)) {
  test.each(values.map((value) => [value]))(`${property} refuses %j in one sentence that names it`, (value) => {
    let error: unknown;
    try {
      new FlinkNetwork(testStack(), "network", { [property]: value });
    } catch (caught) {
      error = caught;
    }
    // null stands for "not given" to no one but JavaScript.
    if (value === null && error === undefined) return;
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as Error).message).toMatch(new RegExp(`^stack/network: ${property} is .+, but must be .+: .+[^.]$`));
    expect((error as Error).message).not.toContain("\n");
  });
}

test("two zones are refused with the reason", () => {
  expect(() => new FlinkNetwork(testStack(), "n", { availabilityZoneCount: 2 })).toThrow(
    "availabilityZoneCount is 2, but must be 1 or 3: use 3, because with two zones the loss of one can take the majority of three ZooKeeper servers with it",
  );
});

test("contradicting zones are refused", () => {
  const props = { availabilityZoneCount: 1, availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] };
  expect(() => new FlinkNetwork(testStack(), "n", props)).toThrow(
    /^stack\/n: availabilityZones is .* list of one availability zone: name 1, such as/,
  );
});

test.each(["10.0.0.0/8", "172.16.0.0/12", "192.168.1.7/32"])("Peer.cidr takes %s", (cidr) => {
  expect(Peer.cidr(cidr).cidrBlock).toBe(cidr);
});

test.each([...HOSTILE, "0.0.0.0/0", "::/0", "8.8.8.8/32", "10.0.0.0/7", "10.1.2.3/16", "192.168.0.0/15"])(
  "Peer.cidr refuses %j",
  (cidr) => expect(() => Peer.cidr(cidr as string)).toThrow(/^Peer\.cidr is .+, but must be .*(private|known)/),
);

test.each(["sg-0123456789abcdef0", "sg-01234567", TOKEN])("Peer.securityGroup takes %s", (id) => {
  expect(Peer.securityGroup(id).securityGroupId).toBe(id);
});

test.each([...HOSTILE.filter((value) => value !== TOKEN), "sg-", "default", "SG-01234567"])(
  "Peer.securityGroup refuses %j",
  (id) => expect(() => Peer.securityGroup(id as string)).toThrow(/^Peer\.securityGroup is /),
);
