import { EC2Client } from "@aws-sdk/client-ec2";
import { Route53Client } from "@aws-sdk/client-route-53";
import type { MiddlewareStack } from "@smithy/types";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "fs";
import { tmpdir } from "os";
import { join } from "path";
import { Account, addressIn, contains, interfaceOf, resolverAddress } from "./account";
import { AccountReader } from "./account-reader";
import { debianMirror, recipeKey } from "./base-image";
import { RECIPE } from "./base-image-recipe";
import { resolve } from "./fabric/names";
import { lockFile } from "./file-lock";
import { memoryRefusal } from "./memory-check";
import { PublishedImages } from "./published-images";
import { renderTable } from "./security-groups";
import { waitFor } from "./wait-for";

const GIBIBYTE = 1024 ** 3;
const S3_ADDRESS = "52.216.0.1";

/** One network with two instances, one zone and an interface endpoint. */
const ACCOUNT: Account = {
  region: "eu-west-1",
  instances: [],
  interfaces: [
    {
      id: "eni-000000000000000a1",
      address: "10.0.1.11",
      mac: "02:00:00:00:00:01",
      subnetId: "subnet-1",
      vpcId: "vpc-1",
      groups: [
        { id: "sg-a", name: "a" },
        { id: "sg-b", name: "b" },
      ],
    },
    {
      id: "eni-000000000000000b2",
      address: "10.0.1.12",
      mac: "02:00:00:00:00:02",
      subnetId: "subnet-1",
      vpcId: "vpc-1",
      groups: [{ id: "sg-b", name: "b" }],
    },
    {
      id: "eni-000000000000000c3",
      address: "10.0.1.99",
      mac: "02:00:00:00:00:03",
      subnetId: "subnet-1",
      vpcId: "vpc-1",
      groups: [{ id: "sg-c", name: "c" }],
    },
  ],
  volumes: [],
  vpcs: [
    { id: "vpc-1", cidr: "10.0.0.0/16" },
    { id: "vpc-2", cidr: "10.1.0.0/16" },
  ],
  subnets: [{ id: "subnet-1", vpcId: "vpc-1", cidr: "10.0.1.0/24" }],
  rules: [
    {
      id: "sgr-in",
      groupId: "sg-a",
      egress: false,
      protocol: "tcp",
      fromPort: 8080,
      toPort: 8080,
      referencedGroupId: "sg-b",
    },
    {
      id: "sgr-out",
      groupId: "sg-b",
      egress: true,
      protocol: "tcp",
      fromPort: 8080,
      toPort: 8081,
      cidr: "10.0.0.0/16",
    },
    { id: "sgr-udp", groupId: "sg-b", egress: true, protocol: "udp", fromPort: 53, toPort: 53, prefixListId: "pl-1" },
    { id: "sgr-ping", groupId: "sg-b", egress: false, protocol: "icmp", fromPort: -1, toPort: -1, cidr: "0.0.0.0/0" },
  ],
  prefixLists: [{ id: "pl-1", name: "com.amazonaws.eu-west-1.s3", cidrs: ["52.216.0.0/15"] }],
  zones: [
    {
      name: "flink.internal",
      vpcIds: ["vpc-1"],
      records: [
        { name: "node-1.flink.internal", type: "A", ttl: 10, values: ["10.0.1.11"] },
        { name: "all.flink.internal", type: "A", ttl: 10, values: ["10.0.1.11", "10.0.1.12"] },
        { name: "alias.flink.internal", type: "CNAME", ttl: 10, values: ["node-1.flink.internal."] },
        { name: "*.wild.flink.internal", type: "A", ttl: 10, values: ["10.0.1.12"] },
        { name: "text.flink.internal", type: "TXT", ttl: 10, values: ['"one" "two"'] },
        { name: "_zk._tcp.flink.internal", type: "SRV", ttl: 10, values: ["1 2 2281 node-1.flink.internal."] },
      ],
    },
  ],
  endpoints: [
    {
      id: "vpce-1",
      vpcId: "vpc-1",
      service: "com.amazonaws.eu-west-1.kms",
      type: "Interface",
      interfaceIds: ["eni-000000000000000c3"],
      privateDns: true,
    },
    {
      id: "vpce-2",
      vpcId: "vpc-1",
      service: "com.amazonaws.eu-west-1.s3",
      type: "Gateway",
      interfaceIds: [],
      privateDns: false,
    },
  ],
};

function ask(name: string, type = "A", from = "10.0.1.12") {
  const { code, answers } = resolve(ACCOUNT, S3_ADDRESS, from, name, type);
  return code === "NXDOMAIN" ? code : answers.map((answer) => ("data" in answer ? answer.data : undefined));
}

describe("addresses", () => {
  test("are counted and compared as 32 bits", () => {
    expect(resolverAddress("10.0.0.0/16")).toBe("10.0.0.2");
    expect(addressIn("52.216.0.0/15", 1)).toBe("52.216.0.1");
    expect(addressIn("255.255.254.0/23", 257)).toBe("255.255.255.1");
    expect(contains("52.216.0.0/15", "52.217.255.255")).toBe(true);
    expect(contains("52.216.0.0/15", "52.218.0.0")).toBe(false);
    expect(contains("0.0.0.0/0", "200.1.1.1")).toBe(true);
  });
});

describe("the resolver", () => {
  test.each([
    ["node-1.flink.internal", "A", ["10.0.1.11"]],
    ["NODE-1.Flink.Internal", "A", ["10.0.1.11"]],
    ["all.flink.internal", "A", ["10.0.1.11", "10.0.1.12"]],
    ["alias.flink.internal", "A", ["node-1.flink.internal", "10.0.1.11"]],
    ["any.wild.flink.internal", "A", ["10.0.1.12"]],
    ["text.flink.internal", "TXT", [["one", "two"]]],
    ["_zk._tcp.flink.internal", "SRV", [{ priority: 1, weight: 2, port: 2281, target: "node-1.flink.internal" }]],
    ["node-1.flink.internal", "AAAA", []],
    ["nobody.flink.internal", "A", "NXDOMAIN"],
    ["ip-10-0-1-11.eu-west-1.compute.internal", "A", ["10.0.1.11"]],
    ["11.1.0.10.in-addr.arpa", "PTR", ["ip-10-0-1-11.eu-west-1.compute.internal"]],
    ["77.1.0.10.in-addr.arpa", "PTR", "NXDOMAIN"],
    ["example.org", "A", "NXDOMAIN"],
  ])("answers %s %s with %j", (name, type, expected) => {
    expect(ask(name, type)).toEqual(expected);
  });

  test("knows S3 by its regional name only", () => {
    expect(ask("s3.eu-west-1.amazonaws.com")).toEqual([S3_ADDRESS]);
    expect(ask("some.bucket.s3.eu-west-1.amazonaws.com")).toEqual([S3_ADDRESS]);
    expect(ask("bucket.s3.amazonaws.com")).toBe("NXDOMAIN");
    expect(ask("s3.us-east-1.amazonaws.com")).toBe("NXDOMAIN");
    expect(ask("bucket.s3.us-east-1.amazonaws.com")).toBe("NXDOMAIN");
  });

  test("leads to an interface endpoint where the network has one", () => {
    expect(ask("kms.eu-west-1.amazonaws.com")).toEqual(["10.0.1.99"]);
    expect(ask("kms.eu-west-1.amazonaws.com", "A", "10.1.0.5")).not.toEqual(["10.0.1.99"]);
  });

  test("keeps a zone to its networks", () => {
    expect(ask("node-1.flink.internal", "A", "10.1.0.5")).toBe("NXDOMAIN");
  });

  test.each(["10.0.1.11", "169.254.169.253"])("tells %s where a global service is, as the cloud's does", (asker) => {
    expect(ask("iam.amazonaws.com", "A", asker)).toEqual(["198.51.100.10"]);
  });
});

describe("the firewall", () => {
  const table = renderTable({
    account: ACCOUNT,
    played: new Set(["eni-000000000000000a1", "eni-000000000000000b2"]),
    s3Addresses: [S3_ADDRESS],
  });
  const chainOf = (name: string) => new RegExp(`chain ${name} \\{\n([^}]*)\\}`).exec(table)?.[1] ?? "";

  test("takes the rules of every group of an interface, each with its counter", () => {
    expect(chainOf("in_eni_000000000000000a1")).toContain("ip saddr @sg_b tcp dport 8080 counter name sgr_in accept");
    expect(chainOf("in_eni_000000000000000a1")).toContain("meta l4proto icmp counter name sgr_ping accept");
    expect(chainOf("in_eni_000000000000000b2")).not.toContain("sgr_in");
    expect(chainOf("out_eni_000000000000000b2")).toContain(
      "ip daddr 10.0.0.0/16 tcp dport 8080-8081 counter name sgr_out accept",
    );
    expect(chainOf("out_eni_000000000000000b2")).toContain("ip daddr @pl_1 udp dport 53 counter name sgr_udp accept");
  });

  test("ends every chain with a counted drop and lists the members of a group", () => {
    expect(chainOf("in_eni_000000000000000b2").trim()).toMatch(/counter name refused_in_eni_000000000000000b2 drop$/);
    expect(table).toContain("set sg_b { type ipv4_addr; elements = { 10.0.1.11, 10.0.1.12 } }");
  });

  test("opens S3 to networks with a gateway endpoint only", () => {
    expect(table).toContain("ip saddr 10.0.0.0/16 ip daddr @s3_addresses tcp dport 443 accept");
    expect(table).not.toContain("ip saddr 10.1.0.0/16");
  });
});

describe("memory", () => {
  test("is refused with the numbers where the host has far too little", () => {
    const demands = [1, 2, 3].map((n) => ({ name: `node-${n}`, type: "m7i.large", bytes: 8 * GIBIBYTE }));
    expect(memoryRefusal(demands, 32 * GIBIBYTE)).toBeUndefined();
    expect(memoryRefusal(demands, 12 * GIBIBYTE)).toMatch(/node-3 \(m7i.large, 8 GiB\) .*24 GiB.* 12 GiB available/);
  });
});

describe("the base image", () => {
  test("has another key when anything of its recipe differs", () => {
    expect(recipeKey({ ...RECIPE, script: `${RECIPE.script}\n` })).not.toBe(recipeKey(RECIPE));
    expect(recipeKey({ ...RECIPE, packages: [...RECIPE.packages, "curl"] })).not.toBe(recipeKey(RECIPE));
  });

  test("comes from the archive that the host's apt uses", () => {
    const folder = mkdtempSync(join(tmpdir(), "apt-"));
    try {
      expect(debianMirror(folder)).toBeUndefined();
      writeFileSync(
        join(folder, "sources.list"),
        "# deb http://old.example/debian x main\ndeb [arch=amd64] http://one.example/debian trixie main\n",
      );
      expect(debianMirror(folder)).toBe("http://one.example/debian");
      writeFileSync(join(folder, "sources.list"), "deb http://archive.example/ubuntu noble main\n");
      mkdirSync(join(folder, "sources.list.d"));
      writeFileSync(
        join(folder, "sources.list.d/debian.sources"),
        "Types: deb\nURIs: http://two.example/debian-security\n\nTypes: deb\nURIs: http://two.example/debian\n",
      );
      expect(debianMirror(folder)).toBe("http://two.example/debian");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("images that are published later", () => {
  test("are of the next point releases, and lie over the base image", () => {
    const folder = mkdtempSync(join(tmpdir(), "images-"));
    try {
      mkdirSync(join(folder, "tree", "etc"), { recursive: true });
      writeFileSync(join(folder, "tree/etc/debian_version"), "13.9\n");
      const images = new PublishedImages(join(folder, "images"), join(folder, "tree"));
      expect(images.publish(new Date("2026-03-01T10:00:00Z"))).toEqual({
        id: "ami-0d13a6400000000d2",
        debianVersion: "13.10",
      });
      const second = images.publish(new Date("2026-03-02T10:00:00Z"));
      expect(second).toEqual({ id: "ami-0d13a6400000000d3", debianVersion: "13.11" });
      const told = JSON.parse(readFileSync(images.file, "utf8")) as object[];
      expect(told).toMatchObject([
        { ami_id: "ami-0d13a6400000000d2", name: "debian-13-amd64-20260301-0001", architecture: "x86_64" },
        { ami_id: second.id, name: "debian-13-amd64-20260302-0002", creation_date: "2026-03-02T10:00:00.000Z" },
      ]);
      const [layer] = images.layersOf(second.id);
      expect(readFileSync(join(layer, "etc/debian_version"), "utf8")).toBe("13.11\n");
      expect(images.layersOf("ami-0d13a6400000000d1")).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the account", () => {
  /** An emulator of which the one machine is launched, or terminated, just when machines are listed. */
  function readerWhere(change: "launched" | "terminated"): AccountReader {
    let isThere = change === "terminated";
    const { id, address, mac, subnetId, vpcId } = ACCOUNT.interfaces[0];
    const machine = {
      ...{ InstanceId: "i-1", State: { Name: "running" }, InstanceType: "c7i.large", ImageId: "ami-1" },
      ...{ Placement: { AvailabilityZone: "eu-west-1a" }, NetworkInterfaces: [{ NetworkInterfaceId: id }] },
    };
    const link = {
      NetworkInterfaceId: id,
      PrivateIpAddress: address,
      MacAddress: mac,
      SubnetId: subnetId,
      VpcId: vpcId,
    };
    const answers: Record<string, () => object> = {
      DescribeInstancesCommand: () => {
        isThere = change === "launched";
        return { Reservations: [{ Instances: [machine] }] };
      },
      DescribeNetworkInterfacesCommand: () => ({ NetworkInterfaces: isThere ? [link] : [] }),
    };
    const clients = [new EC2Client({ region: "eu-west-1" }), new Route53Client({ region: "eu-west-1" })] as const;
    for (const { middlewareStack } of clients) {
      (middlewareStack as MiddlewareStack<object, object>).add(
        (_next, { commandName }) =>
          async () => ({ output: { $metadata: {}, ...answers[commandName!]?.() }, response: undefined }),
        { step: "initialize", priority: "high" },
      );
    }
    return new AccountReader("eu-west-1", ...clients);
  }

  test("has the network interface of each machine, though one is launched or terminated while it is read", async () => {
    const launched = await readerWhere("launched").read();
    expect(launched.instances.map((instance) => interfaceOf(launched, instance).address)).toEqual(["10.0.1.11"]);
    expect((await readerWhere("terminated").read()).instances).toEqual([]);
  });
});

describe("locks", () => {
  test("exclude each other until released", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lock-"));
    const file = join(folder, "lock");
    try {
      const first = await lockFile(file, "shared", 1);
      const second = await lockFile(file, "shared", 1);
      expect(await lockFile(file, "exclusive", 0)).toBeUndefined();
      await first!.release();
      await second!.release();
      const alone = await lockFile(file, "exclusive", 5);
      expect(alone).toBeDefined();
      expect(await lockFile(file, "shared", 0)).toBeUndefined();
      await alone!.release();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("waiting", () => {
  test("ends with what it waited for and the last failure in the message", async () => {
    const never = () => Promise.reject(new Error("not yet there"));
    await expect(waitFor(never, { timeout: 120, what: "a thing" })).rejects.toThrow(
      "waited 120 ms for a thing: not yet there",
    );
    let looks = 0;
    await expect(waitFor(() => ++looks === 3 && "here", { timeout: 5000, what: "it", interval: 1 })).resolves.toBe(
      "here",
    );
  });
});
