import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { spawn } from "child_process";
import { mkdtempSync, readFileSync, rmSync } from "fs";
import { get } from "http";
import { tmpdir } from "os";
import { join } from "path";
import { createInterface } from "readline";
import { Terraform } from "../support/terraform";
import { BUCKET, KEY, MACHINES, PAYLOAD, writeFixture } from "./fixture/fixture";
import { NO_TRACES, tracesOf } from "./host-traces";
import { Lab } from "./lab";
import { Machine } from "./machine";
import { waitFor } from "./wait-for";

const MINUTE = 60_000;

interface Outputs {
  readonly server: string;
  readonly client: string;
  readonly web_in: string;
  readonly web_out: string;
  readonly s3_out: string;
  readonly volume: string;
  readonly zone: string;
  readonly server_group: string;
}

/** Python of the base image: a connection that is refused, dropped or answered. */
async function fetches(machine: Machine, url: string, seconds = 3): Promise<string> {
  const program = `import urllib.request as u
try: print(u.urlopen("${url}", timeout=${seconds}).status)
except Exception as e: print(type(e).__name__, getattr(e, "code", ""), e)`;
  return (await machine.run(["python3", "-c", program])).trim();
}

/** Reads a metadata path, by a token unless told otherwise. */
async function metadata(machine: Machine, path: string, withToken = true): Promise<string> {
  const program = `import urllib.request as u, urllib.error
M = "http://169.254.169.254/latest/"
def ask(path, method="GET", **h):
    return u.urlopen(u.Request(M + path, method=method, headers=h), timeout=5).read().decode()
h = {"X-aws-ec2-metadata-token": ask("api/token", "PUT", **{"X-aws-ec2-metadata-token-ttl-seconds": "60"})} if ${withToken ? "True" : "False"} else {}
try: print(ask("${path}", **h))
except urllib.error.HTTPError as e: print(e.code)`;
  return (await machine.run(["python3", "-c", program])).trim();
}

describe("the lab", () => {
  let lab: Lab;
  let terraform: Terraform;
  let dir: string;
  let outputs: Outputs;
  let server: Machine;
  let client: Machine;
  let name: string;

  const configured = (machine: Machine) =>
    lab.waitFor(() => machine.readFile("/srv/www/done") === machine.id && machine.cloudInitResult(), {
      timeout: 3 * MINUTE,
      what: `${machine.name} to be configured`,
    });

  beforeAll(async () => {
    lab = await Lab.start();
    name = lab.name;
    dir = mkdtempSync(join(tmpdir(), "lab-fixture-"));
    writeFixture(dir);
    terraform = await lab.terraform(dir);
    await terraform.apply();
    outputs = await terraform.output<Outputs>();
    server = lab.machine("server");
    client = lab.machine("client");
    await Promise.all([configured(server), configured(client)]);
    await lab.settled();
  }, 10 * MINUTE);

  afterAll(async () => {
    await lab?.stop();
    if (dir) rmSync(dir, { recursive: true, force: true });
    if (name) expect(tracesOf(name)).toEqual(NO_TRACES);
  }, 2 * MINUTE);

  test("boots machines while the apply goes on, from their user data, without an error of cloud-init", async () => {
    expect(server.cloudInitResult()).toMatchObject({ datasource: "DataSourceLabEc2", errors: [] });
    expect(client.cloudInitResult()).toMatchObject({ datasource: "DataSourceLabEc2", errors: [] });
    const ran = lab.events.findIndex((event) => event.action === "RunInstances");
    const attached = lab.events.findIndex((event) => event.action === "AttachVolume");
    expect(ran).toBeGreaterThan(-1);
    expect(attached).toBeGreaterThan(ran);
    expect((await client.run(["systemctl", "is-system-running"])).trim()).toBe("running");
  });

  test(
    "plans nothing after the apply",
    async () => {
      expect(await terraform.planActions()).toEqual({});
    },
    2 * MINUTE,
  );

  test("serves S3 at its production name over TLS to the machine's role", async () => {
    expect(await server.run(["cat", "/srv/www/payload"])).toBe(PAYLOAD);
    const calls = readFileSync(lab.accessLog, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const fetched = calls.filter((call) => call.from === MACHINES.server && call.service === "s3");
    expect(fetched).toEqual([
      expect.objectContaining({
        method: "GET",
        path: `/${KEY}`,
        host: `${BUCKET}.s3.eu-west-1.amazonaws.com`,
        status: 200,
      }),
    ]);
    expect(fetched[0].accessKeyId).toMatch(/^ASIA/);
    expect(await lab.securityGroups.countOf(outputs.s3_out)).toBeGreaterThan(0);
  });

  test(
    "lets through what the security groups say, and counts it by rule",
    async () => {
      const before = await lab.securityGroups.countOf(outputs.web_in);
      expect(await fetches(client, "http://server.lab.internal:8080/done")).toBe("200");
      expect(await lab.securityGroups.countOf(outputs.web_in)).toBe(before + 1);
      // The same service on 8081: out of the client by its rule, not into the server.
      const out = await lab.securityGroups.countOf(outputs.web_out);
      expect(await fetches(server, "http://127.0.0.1:8081/done")).toBe("200");
      expect(await fetches(client, "http://server.lab.internal:8081/done", 2)).toMatch(/timed out|Timeout/);
      expect(await lab.securityGroups.countOf(outputs.web_out)).toBeGreaterThan(out);
      // Not out of the server at all.
      expect(await fetches(server, `http://${MACHINES.client}:8080/done`, 2)).toMatch(/timed out|Timeout/);
      expect(await fetches(server, "https://sts.eu-west-1.amazonaws.com/", 2)).toMatch(/timed out|Timeout/);
    },
    MINUTE,
  );

  test(
    "follows a new rule at once and keeps the counters",
    async () => {
      const before = await lab.securityGroups.countOf(outputs.web_in);
      await lab.ec2().send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: outputs.server_group,
          IpPermissions: [
            { IpProtocol: "tcp", FromPort: 8081, ToPort: 8081, IpRanges: [{ CidrIp: `${MACHINES.client}/32` }] },
          ],
        }),
      );
      await lab.settled();
      expect(await fetches(client, "http://server.lab.internal:8081/done")).toBe("200");
      expect(await lab.securityGroups.countOf(outputs.web_in)).toBe(before);
    },
    MINUTE,
  );

  test("answers metadata by token, to the machine that it is about", async () => {
    expect(await metadata(server, "meta-data/instance-id", false)).toBe("401");
    expect(await metadata(server, "meta-data/instance-id")).toBe(outputs.server);
    expect(await metadata(client, "meta-data/instance-id")).toBe(outputs.client);
    expect(await metadata(server, "meta-data/tags/instance/Name")).toBe("server");
    expect(JSON.parse(await metadata(server, "dynamic/instance-identity/document"))).toMatchObject({
      instanceId: outputs.server,
      privateIp: MACHINES.server,
      instanceType: "t3.small",
    });
    expect(await metadata(server, "meta-data/no-such-thing")).toBe("404");
  });

  test("resolves the private zone as it is now, and S3 by its regional name only", async () => {
    const lookup = async (host: string) => (await client.exec(["getent", "ahostsv4", host])).stdout.split(" ")[0];
    expect(await lookup("server.lab.internal")).toBe(MACHINES.server);
    expect(await lookup("s3.amazonaws.com")).toBe("");
    expect(await lookup(`${BUCKET}.s3.us-east-1.amazonaws.com`)).toBe("");
    expect(await lookup("later.lab.internal")).toBe("");
    const change = (action: "CREATE" | "DELETE") => {
      const record = {
        Name: "later.lab.internal",
        Type: "A",
        TTL: 10,
        ResourceRecords: [{ Value: "10.60.1.77" }],
      } as const;
      const changes = [
        { Action: action, ResourceRecordSet: { ...record, ResourceRecords: [...record.ResourceRecords] } },
      ];
      return new ChangeResourceRecordSetsCommand({ HostedZoneId: outputs.zone, ChangeBatch: { Changes: changes } });
    };
    await lab.aws().route53.send(change("CREATE"));
    await lab.settled();
    expect(await lookup("later.lab.internal")).toBe("10.60.1.77");
    // As Terraform knows the zone.
    await lab.aws().route53.send(change("DELETE"));
    await lab.settled();
    expect(await lookup("later.lab.internal")).toBe("");
  });

  test("presents the volume late, beside a root disk and a blank disk that nobody touched", async () => {
    const disks = (await server.run(["sh", "-c", "ls /dev/nvme*n1"])).trim().split("\n");
    expect(disks).toEqual(["/dev/nvme0n1", "/dev/nvme1n1", "/dev/nvme2n1"]);
    expect((await server.run(["blkid", "-p", "-s", "LABEL", "-o", "value", "/dev/nvme2n1"])).trim()).toBe("data");
    expect(await server.run(["cat", "/data/boots"])).toBe("configured\n");
    expect(server.decoyIsUntouched()).toBe(true);
  });

  test(
    "does not let go of a mounted volume",
    async () => {
      const state = async () => {
        const answer = await lab.ec2().send(new DescribeVolumesCommand({ VolumeIds: [outputs.volume] }));
        return answer.Volumes?.[0].Attachments?.[0]?.State ?? "detached";
      };
      await lab.ec2().send(new DetachVolumeCommand({ VolumeId: outputs.volume, InstanceId: outputs.server }));
      expect(await state()).toBe("busy");
      expect(await server.run(["cat", "/data/boots"])).toBe("configured\n");
      await server.run(["systemctl", "stop", "data.mount"]);
      expect(await state()).toBe("detached");
      await lab.settled();
      expect((await server.exec(["test", "-e", "/dev/nvme2n1"])).code).toBe(1);
      await terraform.apply();
      await lab.waitFor(async () => (await server.exec(["test", "-e", "/dev/nvme2n1"])).code === 0, {
        timeout: MINUTE,
        what: "the volume",
      });
      await server.run(["systemctl", "start", "data.mount"]);
      expect(await server.run(["cat", "/data/boots"])).toBe("configured\n");
    },
    3 * MINUTE,
  );

  test(
    "loses its power and comes back with its disks",
    async () => {
      await server.run(["sh", "-c", "echo written > /data/kept && echo written > /srv/www/kept && sync"]);
      await server.powerOff();
      expect(server.isOn).toBe(false);
      expect(await fetches(client, "http://server.lab.internal:8080/done", 2)).toMatch(
        /timed out|Timeout|No route|Unreachable/i,
      );
      await lab.powerOn(server);
      await lab.waitFor(() => fetches(client, "http://server.lab.internal:8080/kept").then((said) => said === "200"), {
        timeout: MINUTE,
        what: "the server",
      });
      expect(await server.run(["cat", "/data/kept"])).toBe("written\n");
      // Once per instance, not once per boot.
      expect(await server.run(["cat", "/data/boots"])).toBe("configured\n");
    },
    3 * MINUTE,
  );

  test(
    "stops, starts and reboots by the API, and from inside",
    async () => {
      const ids = { InstanceIds: [outputs.client] };
      await lab.ec2().send(new StopInstancesCommand(ids));
      await lab.settled();
      expect(client.isOn).toBe(false);
      await lab.ec2().send(new StartInstancesCommand(ids));
      await lab.settled();
      expect(client.isOn).toBe(true);
      const boots = client.boots;
      await lab.ec2().send(new RebootInstancesCommand(ids));
      await lab.settled();
      expect(client.boots).toBe(boots + 1);
      await lab.waitFor(async () => (await client.exec(["systemctl", "is-active", "web-8080"])).code === 0, {
        timeout: MINUTE,
        what: "the client's service",
      });
      await client.exec(["systemctl", "poweroff"]);
      await lab.waitFor(() => !client.isOn, { timeout: MINUTE, what: "the client to be off" });
      await lab.waitFor(() => lab.events.filter((event) => event.action === "StopInstances").length === 2, {
        timeout: MINUTE,
        what: "the account to know",
      });
      await lab.ec2().send(new StartInstancesCommand(ids));
      await lab.settled();
      expect(client.isOn).toBe(true);
    },
    4 * MINUTE,
  );

  test(
    "cuts a cable and heals it",
    async () => {
      await lab.cut(server);
      expect(await fetches(client, "http://server.lab.internal:8080/done", 2)).toMatch(/timed out|Timeout/);
      await lab.heal(server);
      expect(await fetches(client, "http://server.lab.internal:8080/done")).toBe("200");
    },
    MINUTE,
  );

  test(
    "opens a door on loopback",
    async () => {
      const relay = await lab.relay(0, "server", 8080);
      const said = await new Promise<string>((resolve, reject) =>
        get({ host: "127.0.0.1", port: relay.port, path: "/done", agent: false }, (answer) => {
          answer.setEncoding("utf8").on("data", (text: string) => resolve(text));
        }).once("error", reject),
      );
      await relay.close();
      expect(said).toBe(outputs.server);
    },
    MINUTE,
  );

  test(
    "let no packet out, and throws machines away with the destroy",
    async () => {
      await terraform.destroy();
      await lab.settled();
      expect(lab.machines()).toEqual([]);
      expect(await lab.escapedPackets()).toBe(0);
    },
    5 * MINUTE,
  );
});

describe("an interrupted lab", () => {
  test.each(["SIGINT", "SIGKILL"] as const)(
    "leaves nothing after %s",
    async (signal) => {
      const program = join(__dirname, "fixture", "start-and-wait.ts");
      const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", program], {
        stdio: ["ignore", "pipe", "ignore"],
        cwd: join(__dirname, "../.."),
      });
      try {
        const lines = createInterface({ input: child.stdout });
        const nextLine = () =>
          new Promise<string>((resolve, reject) => {
            lines.once("line", resolve);
            child.once("exit", (code) => reject(new Error(`it ended with ${code} before it said so`)));
          });
        const run = await nextLine();
        if (signal === "SIGINT") {
          // The first one is the caller's.
          const answer = nextLine();
          child.kill(signal);
          expect(await answer).toBe("interrupted");
        }
        expect(tracesOf(run).namespaces).not.toEqual([]);
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill(signal);
        await ended;
        const isGone = () => JSON.stringify(tracesOf(run)) === JSON.stringify(NO_TRACES);
        await waitFor(isGone, { timeout: MINUTE, what: `run ${run} to be gone` }).catch(() => undefined);
        expect(tracesOf(run)).toEqual(NO_TRACES);
      } finally {
        child.kill("SIGKILL");
      }
    },
    3 * MINUTE,
  );
});
