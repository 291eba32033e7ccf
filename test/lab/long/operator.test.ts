import { readFileSync } from "node:fs";
import * as path from "path";
import { clusterOfState } from "../../../lib/local/cluster-of-state";
import type { JobsFile } from "../../../lib/operate/stopped-jobs/jobs-file";
import { PORTS } from "../../../lib/node/ports";
import { PORT_FORWARDING_DOCUMENT } from "../../../lib/operate/tunnel/session-manager-ways";
import { Deployment } from "../../scenarios/deployment";
import type { FlinkSession } from "../../scenarios/flink-session";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { SINK_BUCKET, STREAM_FOLDER } from "../../scenarios/lab-stacks";
import { configurationForJobs, configurationOfJob } from "../../scenarios/local/effective-configuration";
import { readDesiredState } from "../../scenarios/node-reports";
import { type NumberedStream, numberedStreamSql } from "../../scenarios/numbered-stream";
import { SessionAttempt, tryToBegin } from "../../scenarios/operators/attempts-at-sessions";
import { CommandLine, type CommandRun, type Identity, type RunOptions } from "../../scenarios/operators/command-line";
import { writeCommandsRecord } from "../../scenarios/operators/commands-record";
import { FOREIGN_ROLES, OPERATORS_ROLE, OTHERS_ROLE, VISITORS_ROLE } from "../../scenarios/operators/operator-roles";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Every command that an operator has, as people run it, and how each fails. `make prove` alone runs it. */

const MINUTE = 60_000;
const FLINK_VERSION = "2.2";
const NODE_COUNT = 2;
const STREAM: NumberedStream = {
  ...{ name: "numbered-stream", bucket: SINK_BUCKET, prefix: STREAM_FOLDER },
  ...{ numbersPerSecond: 20, lastNumber: 1_000_000, parallelism: 1, checkpointIntervalSeconds: 5 },
};
/** The shortest that AWS gives a role for. */
const SHORTEST_SESSION_SECONDS = 900;
const ROLE_OF_ANOTHER_ACCOUNT = "arn:aws:iam::999999999999:role/visitors";
const JOBS_FILE = "jobs.json";
const SOFTWARE = ["--origin", "package-registries"];
/** A line that no node runs, so that neither the cache nor the bucket has all of it. */
const OTHER_LINE = "2.3";
const LEAF = { isLeaf: true };

jest.setTimeout(40 * MINUTE);

describe("the command line, as an operator runs it", () => {
  const step = steps();
  let lab: Lab;
  let deployment: Deployment;
  let session: FlinkSession;
  let commands: CommandLine;
  let operator: Identity;
  /** Of which the time is over when it is used. */
  let early: { readonly as: Identity; readonly until: number };
  let jid: string;
  let worked: readonly CommandRun[] = [];

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: true, overcommit: 2 });
    commands = await CommandLine.create(lab);
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: NODE_COUNT, instanceType: "c7i.large", numberOfTaskSlots: 2 },
      ...{ checkpointIntervalSeconds: 5, operators: true },
    });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const named = (): string[] => ["--cluster", deployment.output.cluster_name, "--region", lab.region];

  /** As an operator. */
  const run = (about: string, args: readonly string[], options: RunOptions = {}): Promise<string> =>
    commands.run(about, args, { as: operator, ...options });

  const flink = (about: string, args: readonly string[], options: RunOptions = {}): Promise<string> =>
    run(about, ["flink", ...named(), ...SOFTWARE, "--", ...args], options);

  step("applies a cluster that a role may operate, and somebody takes that role", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink")]);
    await deployment.apply("streaming");
    operator = await commands.take(OPERATORS_ROLE, "ann");
    const until = Date.now() + SHORTEST_SESSION_SECONDS * 1000;
    early = { as: await commands.take(OPERATORS_ROLE, "bob", SHORTEST_SESSION_SECONDS), until };
    await run("Wait until it is up", ["wait", ...named(), "--healthy", "--timeout", "10m"], {
      ...{ timeoutMinutes: 11, says: /^All nodes are healthy: /m },
    });
    await deployment.waitUntilHealthy(6);
  });

  step(
    "brings the software of another line into an empty cache, and from there into the bucket",
    async () => {
      const env = { CDKTF_FLINK_CACHE: path.join(commands.folder, "cache") };
      const which = ["--flink", OTHER_LINE, ...SOFTWARE];
      const fetched = { env, isOutside: true, timeoutMinutes: 15, says: /is in the cache and locked in/ };
      await run("Fetch a release, as it is locked", ["fetch", ...which], fetched);
      const publish = ["publish", ...which, "--bucket", deployment.bucket, "--region", lab.region];
      await run("Publish it, as an operator may not", publish, {
        ...{ env, exitCode: 1, isRefused: true, says: /is not allowed/ },
      });
      await commands.run("Publish it, as who deploys", publish, {
        ...{ env, timeoutMinutes: 5, says: /^[1-9]\d* parts uploaded, [1-9]\d* were there\.$/m },
      });
      await commands.run("Once more", publish, { env, says: /^0 parts uploaded, [1-9]\d* were there\.$/m });
    },
    LEAF,
  );

  step(
    "brings a cluster up on the machine where the program is, with the configuration of the one that is deployed",
    async () => {
      const local = ["--dir", path.join(commands.folder, "local")];
      const synthesized = [
        "--synthesized",
        deployment.outdir,
        ...SOFTWARE,
        "--memory",
        "2048m",
        "--task-managers",
        "1",
      ];
      await run("A cluster on your own machine", ["local", "up", ...local, ...synthesized], {
        ...{ timeoutMinutes: 6, says: /^Started: jobmanager, taskmanager-1\.$/m },
      });
      await run("The same again", ["local", "up", ...local, ...synthesized], { says: /^It is up already\.$/m });
      await run("How it is", ["local", "status", ...local], { says: /jobmanager[^]*taskmanager-1/ });
      await run("End it", ["local", "down", ...local], { says: /^Ended: / });
    },
    LEAF,
  );

  step("tells that no machine leads to the cluster, and then that the plugin is missing", async () => {
    await flink("No machine that leads to the cluster", ["list"], {
      ...{ exitCode: 1, says: /no machine that runs has the tag cdktf-flink:client-of/ },
    });
    await deployment.apply("client");
    session = await deployment.session();
    await session.waitForTaskManagers(NODE_COUNT, 2 * MINUTE);
    await flink("No session-manager-plugin", ["list"], {
      ...{ exitCode: 1, says: /session-manager-plugin, which carries tunnels .* is not on the PATH: install it/ },
      hasPlugin: false,
    });
    await flink("A machine to which Session Manager has no connection", ["list"], {
      ...{ exitCode: 1, says: /Session Manager has no connection to the machine i-/ },
    });
    await lab.joinSessionManager(deployment.client);
  });

  step("submits a job by a file of SQL, and lists it", async () => {
    const file = commands.write("jobs.sql", numberedStreamSql(STREAM));
    const submit = ["sql", ...named(), ...SOFTWARE, "--file", file];
    const submitted = await run("Submit the jobs of a file", submit, {
      ...{ timeoutMinutes: 5, says: /Job ID: [0-9a-f]{32}/ },
    });
    jid = /Job ID: ([0-9a-f]{32})/.exec(submitted)![1];
    await session.waitForCheckpoint(jid, 3 * MINUTE);
    await flink("List the jobs", ["list"], { says: new RegExp(`${jid} : ${STREAM.name} \\(RUNNING\\)`) });
  });

  step(
    "gave the job what the cluster's configuration says, where the file says nothing",
    async () => {
      const { configuration } = clusterOfState(await readDesiredState(deployment));
      expect(await configurationOfJob((url) => session.get(url), jid)).toEqual({
        ...configurationForJobs(configuration),
        ...{ parallelism: STREAM.parallelism, checkpointIntervalMillis: STREAM.checkpointIntervalSeconds * 1000 },
      });
    },
    LEAF,
  );

  step("shows how the cluster is, with the job and its newest checkpoint", async () => {
    const isTold = async (): Promise<boolean> => {
      const { flink: told } = await deployment.statusByName();
      return told?.jobs.some(({ id, checkpoint }) => id === jid && checkpoint !== undefined) ?? false;
    };
    await lab.waitFor(isTold, { timeout: 3 * MINUTE, interval: 3000, what: "a report that tells of the job" });
    await run("How is it", ["status", ...named()], { says: /numbered-stream +RUNNING/ });
    const outputs = commands.write("outputs.json", JSON.stringify({ streaming: { lab: deployment.output } }));
    await run("The same, by what its deployment gave", ["status", "--outputs", outputs], {
      says: /all 2 nodes are healthy/,
    });
  });

  step(
    "opens the web UI as a browser does: by a key that works once, then by a cookie",
    async () => {
      const ui = commands.begin(["ui", ...named(), "--no-open"], operator);
      const [address] = await ui.saying(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
      const folder = address.replace(/\?key=.*$/, "");
      const jar = path.join(commands.folder, "cookies");
      const get = async (url: string, ...options: string[]): Promise<string> => {
        const told = ["-sS", "--max-time", "60", "-w", "\n%{http_code}", ...options, url];
        return (await lab.exec(["curl", ...told], { timeout: 2 * MINUTE })).stdout;
      };
      expect(await get(folder)).toMatch(/\n403$/);
      expect(await get(address, "-c", jar)).toMatch(/http-equiv="refresh"[^]*\n200$/);
      expect(await get(folder, "-b", jar)).toMatch(/Apache Flink Web Dashboard[^]*\n200$/);
      const overview = (await get(`${folder}jobs/overview`, "-b", jar)).replace(/\n200$/, "");
      const { jobs } = JSON.parse(overview) as { readonly jobs: readonly object[] };
      expect(jobs).toContainEqual(expect.objectContaining({ jid, state: "RUNNING" }));
      expect(await get(address)).toMatch(/has been opened already[^]*\n403$/);
      await commands.end("The web UI", ui);
    },
    LEAF,
  );

  step(
    "shows the logs of a node, and goes on with them until Ctrl-C",
    async () => {
      // It alone tells of checkpoints.
      const { name } = await session.leader();
      await run("Which logs a node has", ["logs", name, ...named(), "--list"], { says: /jobmanager[^]*taskmanager/ });
      const last = ["logs", name, ...named(), "--process", "jobmanager", "--limit", "5"];
      await run("The last lines of one process", last, { says: /\d{4}-\d{2}-\d{2}/ });
      const follow = commands.begin(["logs", name, ...named(), "--process", "jobmanager", "--follow"], operator);
      await follow.saying(/Completed checkpoint \d+ /);
      const { latestCheckpoint } = await session.job(jid);
      await follow.saying(new RegExp(`Completed checkpoint ${latestCheckpoint!.id + 2} `));
      await commands.end("The same, and new ones", follow, (output) =>
        output.trimEnd().split("\n").slice(-8).join("\n"),
      );
    },
    LEAF,
  );

  step(
    "gives a certificate for tools of one's own",
    async () => {
      await run("A certificate", ["certificate", ...named(), "--out", "certificate"], { says: /client\.pem/ });
    },
    LEAF,
  );

  step("says what a change does, which nodes then take over one after the other", async () => {
    deployment.prepare({ restartDelaySeconds: 5 });
    const plan = commands.write("plan.json", JSON.stringify(await deployment.plan("streaming")));
    await commands.run("What a change does", ["plan", plan], { says: /restart/i });
    await deployment.apply("streaming");
    await run("Wait until all have taken it over", ["wait", ...named(), "--rolled", "--timeout", "15m"], {
      ...{ timeoutMinutes: 16, says: /^All nodes have taken the change over: /m },
    });
    await session.waitForCheckpoint(jid, 4 * MINUTE);
    await run("How is it afterwards", ["status", ...named()], { says: /Rolling change: none is on; the last/ });
  });

  step("stops all jobs with savepoints, and begins them again from these", async () => {
    await run("Stop all jobs", ["jobs", "stop", ...named(), "--out", JOBS_FILE], {
      ...{ timeoutMinutes: 5, says: /^Stopped, with savepoints/m },
    });
    const read = (): JobsFile => JSON.parse(readFileSync(path.join(commands.folder, JOBS_FILE), "utf8")) as JobsFile;
    const stopped = read();
    const jobs = stopped.jobs.map((job) => ({ ...job, submit: ["sql", "-f", "jobs.sql"] }));
    commands.write(JOBS_FILE, JSON.stringify({ ...stopped, jobs }));
    await run("Begin them again, with how each is submitted filled in", ["jobs", "resume", JOBS_FILE, ...SOFTWARE], {
      ...{ timeoutMinutes: 5, says: /^All jobs of the file go on\.$/m },
    });
    const [{ resumed }] = read().jobs;
    jid = resumed!.id;
    await session.waitForCheckpoint(jid, 4 * MINUTE);
  });

  step(
    "makes a machine anew, finds none that is behind the image, and says what nobody needs in the bucket",
    async () => {
      const dir = path.join(deployment.outdir, "stacks", "streaming");
      // As whoever deploys.
      const replace = (about: string, which: string, says: RegExp): Promise<string> =>
        commands.run(about, ["replace", which, "--dir", dir, "--yes"], {
          ...{ env: { TF_CLI_CONFIG_FILE: path.join(dir, "terraform-cli.tfrc") }, timeoutMinutes: 15, says },
        });
      // ZooKeeper runs on the first alone.
      const { name } = session.nodes[1];
      const { id } = deployment.machine(name);
      await replace("A machine anew", name, new RegExp(name));
      expect(deployment.machine(name).id).not.toBe(id);
      await replace("No machine is of another image", "--all", /Nothing is to be replaced/);
      await commands.run("What nobody needs in the bucket", ["prune", ...named()]);
      session = await deployment.session();
      await session.waitForCheckpoint(jid, 4 * MINUTE);
    },
  );

  step("takes a savepoint, and cancels the job", async () => {
    // Flink refuses one of a job of which not all tasks run.
    await session.waitForCheckpoint(jid, 4 * MINUTE);
    await flink("A savepoint", ["savepoint", jid], { says: /Savepoint completed\. Path: s3/ });
    await flink("Cancel a job", ["cancel", jid], { says: /Cancelled job/ });
    await flink("No job is left", ["list"], { says: /No running jobs/ });
  });

  step(
    "writes dashboards and alerts",
    async () => {
      const store = ["--metrics", "prometheus", "--data-source-uid", "flink-metrics"];
      await run("Dashboards and alerts, as files", ["dashboards", "--out", "dashboards", ...store], {
        says: /the dashboard "Flink: overview"/,
      });
    },
    LEAF,
  );

  step(
    "has a script for the shell",
    async () => {
      const shows = (output: string): string => [...output.split("\n").slice(0, 5), "…"].join("\n");
      await commands.run("For your shell", ["complete", "bash"], { says: /bash completion/, shows });
    },
    LEAF,
  );

  step(
    "refuses in one sentence what somebody may not, and what is not there",
    async () => {
      worked = commands.runs.filter(({ exitCode }) => exitCode === 0);
      const visitor = await commands.take(VISITORS_ROLE, "eve");
      const others = await commands.take(OTHERS_ROLE, "oscar");
      const foreigner = await commands.take(ROLE_OF_ANOTHER_ACCOUNT, "mallory");
      const nowhere = ["--cluster", "labs", "--region", lab.region];
      const node = deployment.machine(session.nodes[0].name).id;
      const refused = { exitCode: 1, isRefused: true };
      await commands.run("No such cluster", ["status", ...nowhere], {
        ...{ exitCode: 1, says: /there is no cluster named labs .*did you mean lab\?/ },
      });
      await run("No such cluster, for whoever may look for one alone", ["status", ...nowhere], {
        ...{ ...refused, says: /is not allowed .*assumed-role\/lab-operators\/ann may not/ },
      });
      await run("The account is another one", ["status", ...named()], {
        ...{
          as: foreigner,
          exitCode: 1,
          says: /there is no cluster named lab in \S+ in the account of your credentials/,
        },
      });
      await run("No permission", ["status", ...named()], { ...refused, as: visitor, says: /is not allowed/ });
      await run("Permission for another cluster", ["wait", ...named()], {
        ...{ ...refused, as: others, says: /is not allowed/ },
      });
      const through = ["flink", ...named(), ...SOFTWARE, "--through", node, "--", "list"];
      await run("A tunnel by a machine that is no client of the cluster", through, {
        ...{ ...refused, says: /beginning a session of .* is not allowed \(ssm:StartSession on \S+\)/ },
      });
      await run("No such node", ["logs", "node-9", ...named()], {
        ...{ exitCode: 1, says: /lab has no node node-9: name one of/ },
      });
      await run("No cluster is named", ["status"], { exitCode: 2, says: /it is not said which cluster is meant/ });
    },
    LEAF,
  );

  step("begins no session but tunnels by the cluster's own clients", async () => {
    const [client, node] = [deployment.client.id, deployment.machine(session.nodes[0].name).id];
    const [document, others] = [PORT_FORWARDING_DOCUMENT, await commands.take(OTHERS_ROLE, "oscar")];
    const attempts: readonly SessionAttempt[] = [
      { attempt: "a shell on the client", as: operator, target: client },
      { attempt: "another document", as: operator, target: client, document: "AWS-StartInteractiveCommand" },
      { attempt: "a tunnel by a node", as: operator, target: node, document },
      { attempt: "by operators of another cluster", as: others, target: client, document },
    ];
    for (const attempt of attempts) {
      const told = await tryToBegin(lab, attempt);
      const refusal = /^AccessDeniedException: User: .* is not authorized to perform: ssm:StartSession on resource/;
      expect([attempt.attempt, told]).toEqual([attempt.attempt, expect.stringMatching(refusal)]);
      commands.refusals++;
    }
  });

  step(
    "leads by the client machine to what its security groups let it reach, and to nothing else",
    async () => {
      const [client, { host }] = [deployment.client, session.nodes[0]];
      const reaches = async (port: number): Promise<boolean> => {
        const probe = ["timeout", "5", "bash", "-c", `</dev/tcp/${host}/${port}`];
        return (await client.exec(probe, { timeout: MINUTE })).code === 0;
      };
      const expected: [number, boolean][] = [
        [PORTS.jobManagerRest.port, true],
        [PORTS.zooKeeperClient.port, false],
      ];
      for (const [port, isOpen] of expected) {
        const led = await commands.tunnelLeads(operator, client.id, host, port);
        expect([port, await reaches(port), led]).toEqual([port, isOpen, isOpen]);
      }
    },
    LEAF,
  );

  step("tells that the cluster is down, and what the machines' consoles show", async () => {
    const machines = session.nodes.map(({ name }) => deployment.machine(name));
    await Promise.all(machines.map((machine) => machine.powerOff()));
    await flink("No node answers", ["list"], {
      ...{ exitCode: 1, says: /no node of the cluster can be called/, timeoutMinutes: 5 },
    });
    const isDown = async (): Promise<boolean> => (await commands.look(["status", ...named()], operator)).code === 1;
    await lab.waitFor(isDown, { timeout: 8 * MINUTE, interval: 5000, what: "the cluster to be taken to be down" });
    await run("The cluster is down", ["status", ...named(), "--console"], {
      ...{ exitCode: 1, says: /the cluster lab is down/ },
    });
    await run("It does not come up in time", ["wait", ...named(), "--timeout", "10s"], {
      ...{
        exitCode: 1,
        says: /not all nodes of lab became healthy within 10 s\.\n(lab-node-\d is silent: .+\.\n){2}$/,
      },
    });
    for (const machine of machines) await lab.powerOn(machine);
    await deployment.waitUntilHealthy(10);
  });

  step(
    "tells that the credentials are over",
    async () => {
      await lab.waitFor(() => Date.now() > early.until + 1000, {
        ...{ timeout: (SHORTEST_SESSION_SECONDS + 60) * 1000, interval: 1000, what: "the end of a session" },
      });
      await run("The credentials have expired", ["status", ...named()], {
        ...{ as: early.as, exitCode: 1, isRefused: true, says: /the AWS credentials have expired: sign in again/ },
      });
    },
    LEAF,
  );

  step(
    "destroys; an operator needed each permission, and nothing was refused that should not be",
    async () => {
      await deployment.destroyCluster("client");
      expect([lab.machines(), await lab.escapedPackets()]).toEqual([[], 0]);
      requireLeastPrivilege(deployment, commands.refusals, { operators: [OPERATORS_ROLE], foreign: FOREIGN_ROLES });
      const failed = commands.runs.filter(({ exitCode }) => exitCode !== 0);
      const chapters = [
        { title: "What it prints", runs: worked },
        { title: "How it fails", runs: failed },
      ];
      console.log(`written: ${writeCommandsRecord("test/lab/long/operator.test.ts", chapters)}`);
    },
    { needsAll: true },
  );
});
