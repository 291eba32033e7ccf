import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as path from "path";
import { steps } from "../support/steps";
import { CERTIFICATE_HOLDERS } from "../../lib/node/certificate-holders";
import { clusterOfState } from "../../lib/local/cluster-of-state";
import { PORTS } from "../../lib/node/ports";
import { plannedActions } from "../support/terraform";
import { attemptTargets } from "../scenarios/attempt-targets";
import {
  Examination,
  examineCertificates,
  mutualPortsThatListened,
} from "../scenarios/certificates-by-port/certificates-by-port";
import { askLoopback } from "../scenarios/certificates-by-port/loopback";
import { Deployment } from "../scenarios/deployment";
import { FaultRecord, Faults } from "../scenarios/faults";
import { Firewall } from "../scenarios/firewall";
import { examineReach, outsideOfTable, PROVEN, proveRules } from "../scenarios/firewall-probes";
import { ClusterTraffic } from "../scenarios/firewall-traffic";
import { COPIED_ROWS, fileCopySql, layDownFiles, readFileCopy } from "../scenarios/file-copy";
import { FlinkSession } from "../scenarios/flink-session";
import { HOSTILE_CONFIGURATION, HOSTILE_TAGS } from "../scenarios/hostile-strings";
import { configurationFile, configurationOfFlink, tagsOfMachine } from "../scenarios/hostile-strings-on-nodes";
import { COPY_FOLDER, SINK_BUCKET, SOURCE_PREFIX, STREAM_FOLDER } from "../scenarios/lab-stacks";
import { AttemptOutcome, requirePermitted, tryForbidden } from "../scenarios/job-is-not-machine";
import { requireLeastPrivilege } from "../scenarios/judgement";
import {
  configurationForJobs,
  configurationOfJob,
  effectiveConfiguration,
  unlistedDifferences,
} from "../scenarios/local/effective-configuration";
import { newestCheckpoint } from "../scenarios/newest-checkpoint";
import { desiredStateHash, readDesiredState, readReports } from "../scenarios/node-reports";
import { NumberedStream, numberedStreamSql, readNumberedStream, StreamContents } from "../scenarios/numbered-stream";
import { PacketCapture } from "../scenarios/packet-capture/packet-capture";
import {
  captureEveryPort,
  capturePlainQuestion,
  captureQuery,
  showsRowsOfQuery,
} from "../scenarios/packet-capture/wire-proof";
import { incompleteRows, mergeTables, portsProvenMutual, WireTable } from "../scenarios/packet-capture/wire-table";
import { protectedPorts } from "../scenarios/protected-ports";
import { writeRecord } from "../scenarios/record";
import { measureRoll, requireOrder, tellRoll } from "../scenarios/rolling-change";
import { ALL_DIFFER, differences, readSynthesized, SecondBuild } from "../scenarios/second-build";
import { SearchOutcome, SecretSearch } from "../scenarios/secret-search";
import { SqlClient } from "../scenarios/sql-client";
import { viewStorage } from "../scenarios/storage-check";
import { actionsByType, ANOTHER_BUILD, reportsAfterRoll, whichBoot } from "../scenarios/two-builds";
import { usesEveryPort, variants } from "../scenarios/variant";
import { Lab } from "./lab";
import { QUICK_JAVA_FLAG } from "./quick-java";
import { waitFor } from "./wait-for";

const MINUTE = 60_000;
/** Records tell of the Java that users get. */
const QUICK_JAVA = process.env.PROVE !== "1";

jest.setTimeout(20 * MINUTE);

describe.each(variants())("Flink $flinkVersion on $nodeCount node(s)", (variant) => {
  const { flinkVersion, nodeCount, faults: which, reboots = "every node", rebuilds, searches, rolls: way } = variant;
  const step = steps();
  const records: FaultRecord[] = [];
  let lab: Lab;
  let deployment: Deployment;
  let session: FlinkSession;
  let sql: SqlClient;
  let stream: NumberedStream;
  let jid: string;
  let secondBuild: SecondBuild | undefined;
  let capture: PacketCapture;
  let wire: WireTable;
  let examinations: readonly Examination[] | undefined;
  let searched: SearchOutcome | undefined;
  let attempts: readonly AttemptOutcome[];
  let afterFaults: StreamContents;
  let afterRebuild: StreamContents | undefined;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: QUICK_JAVA });
    deployment = new Deployment(lab, {
      flinkVersion,
      nodeCount,
      numberOfTaskSlots: 2,
      checkpointIntervalSeconds: 5,
      hostileStrings: true,
      readsFiles: true,
      rollout: "wait",
    });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  step("applies: every node reports that it is healthy", async () => {
    deployment.synthesize();
    // The provider looks at the lifecycles of the buckets for most of a minute, in which nothing else is to be done.
    [secondBuild] = await Promise.all([
      way ? SecondBuild.create(path.join(lab.folder, "second-build")) : undefined,
      deployment.apply("storage"),
      deployment.apply("sink"),
    ]);
    await deployment.apply("streaming");
    // The apply has waited for them.
    await reportsAfterRoll(deployment);
    await Promise.all([deployment.waitUntilHealthy(6), deployment.apply("client")]);
    session = await deployment.session();
    const overview = await session.waitForTaskManagers(nodeCount, 2 * MINUTE);
    expect(overview["slots-total"]).toBe(2 * nodeCount);
    for (const { unit } of CERTIFICATE_HOLDERS) {
      const environment = 'cat "/proc/$(systemctl show -P MainPID "$1")/environ"';
      const ofUnit = await session.nodes[0].machine.run(["sh", "-c", environment, "sh", unit]);
      expect([unit, ofUnit.includes(QUICK_JAVA_FLAG)]).toEqual([unit, QUICK_JAVA]);
    }
  });

  step("brings hostile strings to every node, to Flink and to the machines' tags byte for byte", async () => {
    for (const node of session.nodes) {
      expect(await configurationFile(node)).toEqual(HOSTILE_CONFIGURATION);
      expect(await configurationOfFlink(session, node)).toEqual(HOSTILE_CONFIGURATION);
      expect(await tagsOfMachine(lab.ec2(), node)).toEqual(HOSTILE_TAGS);
    }
  });

  step("plans nothing once it is applied", async () => {
    expect(await deployment.plannedActions("storage", "streaming", "client")).toEqual([{}, {}, {}]);
  });

  step("refuses to be destroyed as it is by default: neither volumes nor the bucket with its key", async () => {
    // Terraform does not come to the key: what depends on it is refused before.
    const protectedTypes = {
      streaming: ["aws_ebs_volume"],
      storage: ["aws_kms_alias", "aws_s3_bucket"],
    } as const;
    const requireRefused = async (stack: keyof typeof protectedTypes) => {
      const terraform = await deployment.terraform(stack);
      const before = await terraform.stateList();
      const refused = await terraform.destroy().catch((error: Error) => error.message);
      expect(refused).toMatch(/prevent_destroy/);
      for (const type of protectedTypes[stack]) expect(refused).toContain(`${type}.`);
      expect(await terraform.stateList()).toEqual(before);
    };
    await Promise.all([requireRefused("streaming"), requireRefused("storage")]);
  });

  step("reads the files that it may read, and writes what they hold where it may write", async () => {
    sql = await SqlClient.install(deployment.client, flinkVersion);
    const copy = { bucket: SINK_BUCKET, from: SOURCE_PREFIX.slice(0, -1), to: COPY_FOLDER };
    await layDownFiles(lab.s3(), copy);
    const [copying] = await sql.submit(fileCopySql(copy), await session.leader());
    await session.waitUntilFinished(copying, 3 * MINUTE);
    const contents = await readFileCopy(lab.s3(), copy);
    expect(contents).toMatchObject({ rows: COPIED_ROWS, largest: COPIED_ROWS, duplicates: [], missing: [] });
  });

  step("runs a job that a client submits, with checkpoints in the bucket", async () => {
    stream = {
      name: "numbered-stream",
      bucket: SINK_BUCKET,
      prefix: STREAM_FOLDER,
      numbersPerSecond: 100,
      lastNumber: 400_000,
      // One slot less than are left after the loss of a machine, so that every fault leaves room for it.
      parallelism: Math.max(2, 2 * (nodeCount - 1)),
      checkpointIntervalSeconds: 5,
    };
    [jid] = (await sql.submit(numberedStreamSql(stream), await session.leader())) as [string];
    const job = await session.waitForCheckpoint(jid, 3 * MINUTE);
    const prefix = `checkpoints/${deployment.output.cluster_name}/${jid}/`;
    expect(job.latestCheckpoint?.path).toContain(`${deployment.bucket}/${prefix}`);
    const objects = await lab.s3().send(new ListObjectsV2Command({ Bucket: deployment.bucket, Prefix: prefix }));
    expect(objects.Contents?.some(({ Key }) => Key?.endsWith("/_metadata"))).toBe(true);
  });

  step("runs with the configuration from which a local cluster is made, and the job sees it", async () => {
    const said = clusterOfState(await readDesiredState(deployment)).configuration;
    const get = <T>(url: string) => session.get<T>(url);
    expect(unlistedDifferences(said, await effectiveConfiguration(get))).toEqual([]);
    expect(await configurationOfJob(get, jid)).toEqual({
      ...configurationForJobs(said),
      // Flink reads these where a job is made, and this client has no configuration; \`npx cdktf-flink sql\` has the cluster's.
      ...{ keptWhenCancelled: false, tolerableFailedCheckpoints: 0 },
      parallelism: stream.parallelism,
      checkpointIntervalMillis: stream.checkpointIntervalSeconds * 1000,
    });
  });

  if (way) {
    const back = way === "there and back" ? " and back to the first" : "";
    step(
      `rolls to another build${back} under the running job: no machine is touched, one node is down at most`,
      async () => {
        const [first, hash, before] = [
          readSynthesized(deployment),
          await desiredStateHash(deployment),
          await readReports(deployment),
        ];
        const streaming = await deployment.terraform("streaming");
        const another = secondBuild!;
        await another.synthesize(deployment);
        expect(differences(first, readSynthesized(deployment))).toEqual(ALL_DIFFER);
        const there = await measureRoll(deployment, session.nodes, "another build", () =>
          another.withCache(async () => {
            const [ofOthers, ofCluster] = await Promise.all([
              deployment.plannedActions("storage", "client"),
              deployment.plan("streaming"),
            ]);
            expect(ofOthers).toEqual([{}, {}]);
            expect(actionsByType(ofCluster)).toEqual(ANOTHER_BUILD);
            await streaming.apply({ planned: true });
            expect(plannedActions(await deployment.plan("streaming"))).toEqual({});
            expect((await reportsAfterRoll(deployment)).map(whichBoot)).toEqual(before.map(whichBoot));
          }),
        );

        const rolls = [there];
        if (way === "there and back") {
          deployment.synthesize();
          const again = await measureRoll(deployment, session.nodes, "the first build again", async () => {
            expect(actionsByType(await deployment.plan("streaming"))).toEqual(ANOTHER_BUILD);
            await streaming.apply({ planned: true });
            expect(plannedActions(await deployment.plan("streaming"))).toEqual({});
            expect(await desiredStateHash(deployment)).toBe(hash);
            expect((await reportsAfterRoll(deployment)).map(whichBoot)).toEqual(before.map(whichBoot));
          });
          rolls.push(again);
        }
        console.table(rolls.map(tellRoll));
        for (const roll of rolls) {
          requireOrder(roll, session.nodes);
          // The units of all nodes differ: a watch that saw none of them down looked at nothing.
          expect(roll.mostDown).toBe(1);
        }
        await session.waitForCheckpoint(jid, 3 * MINUTE);
      },
    );
  }

  step("sees plain text on a link where there is some, and captures all links from here on", async () => {
    const { breaches } = await capturePlainQuestion(deployment, deployment.client, session.nodes[0]);
    expect(breaches).toMatchObject([{ service: PORTS.jobManagerRest.name, protocol: "HTTP" }]);
    capture = await PacketCapture.start(deployment, "faults");
  });

  step("goes on after the leading JobManager is killed", async () => {
    records.push(await new Faults(deployment, session, jid).killLeadingJobManager());
  });

  step("goes on after the machine that leads and runs a task loses its power", async () => {
    records.push(await new Faults(deployment, session, jid).powerOffLeaderThatRunsTask());
  });

  if (which === "all") {
    step("goes on after a ZooKeeper server is killed", async () => {
      records.push(await new Faults(deployment, session, jid).killZooKeeperFollower());
    });

    step(
      `goes on while ${reboots === "leader" ? "the leader is rebooted" : "every node is rebooted in turn"}`,
      async () => {
        records.push(...(await new Faults(deployment, session, jid).reboot(reboots)));
      },
    );
  }

  step("is shown by status, which finds it by its name alone: slots, the job and its newest checkpoint", async () => {
    expect(await deployment.waitUntilRolled(2)).toMatch(/^All nodes have taken the change over: /);
    const told = await waitFor(
      async () => {
        const { flink } = await deployment.statusByName();
        const job = flink?.jobs.find(({ id }) => id === jid);
        return job?.state === "RUNNING" && job.checkpoint && flink?.slotsTotal === 2 * nodeCount && flink;
      },
      { timeout: 2 * MINUTE, interval: 3_000, what: "a report that tells of the job on all slots" },
    );
    expect(told.taskManagers).toBe(nodeCount);
    expect(session.nodes.map(({ name }) => name)).toContain(told.node);
    console.log(await deployment.status());
  });

  step("has sent nothing in plain text but names and metadata, while the job ran and failed over", async () => {
    wire = await capture.stop({ queryRuns: false }, { showsEveryNode: true });
    console.table(wire.rows);
    expect(wire.breaches).toEqual([]);
    expect(incompleteRows(wire)).toEqual([]);
    expect(portsProvenMutual(wire)).toContain(PORTS.jobManagerRest.port);
  });

  step("has lost and doubled nothing", async () => {
    console.table(records);
    if (which !== "all") await session.stopWithSavepoint(jid, 3 * MINUTE);
    const contents = await readNumberedStream(lab.s3(), stream);
    console.log(`numbered stream: ${contents.rows} rows in ${contents.files} files, largest ${contents.largest}`);
    expect(contents).toMatchObject({ duplicates: [], missing: [] });
    expect(contents.rows).toBeGreaterThan(1000);
    afterFaults = contents;
  });

  step("lets a job do nothing that only the machine may, and a machine nothing that its role may not", async () => {
    const machine = deployment.machine(session.nodes[0].name);
    const targets = await attemptTargets(deployment, session.nodes[0].name);
    await requirePermitted(machine, targets);
    const outcomes = (attempts = await tryForbidden(machine, targets));
    console.table(outcomes.map(({ attempt, layer, policy, outcome }) => ({ attempt, layer, policy, outcome })));
    expect(outcomes.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    expect(outcomes.length).toBeGreaterThanOrEqual(40);
  });

  if (searches) {
    step(
      "has secrets nowhere: a search finds those planted in every place, and then none of the cluster's",
      async () => {
        const search = await SecretSearch.prepare(deployment, session);
        expect(await search.mistakesWithPlanted()).toEqual([]);
        searched = await search.search();
        const { findings, notSeenAtHome, shownPasswords } = searched;
        console.log(`secrets looked for: ${searched.secrets}`);
        console.table(searched.rows);
        expect({ findings, notSeenAtHome, shownPasswords }).toEqual({
          findings: [],
          notSeenAtHome: [],
          shownPasswords: [],
        });
      },
    );
  }

  if (usesEveryPort(variant)) {
    step(
      "speaks mutual TLS on every port of the table, and plain text only while rows of a query are fetched",
      async () => {
        const traffic = new ClusterTraffic(await Firewall.read(deployment), session, sql);
        wire = await captureEveryPort(deployment, traffic, wire);
        expect(showsRowsOfQuery(wire)).toBe(false);
        const query = await captureQuery(deployment, traffic);
        expect(showsRowsOfQuery(query)).toBe(true);
        wire = mergeTables([wire, query]);
        console.table(wire.rows);
        expect(wire.breaches).toEqual([]);
        expect(incompleteRows(wire)).toEqual([]);
        const ports = protectedPorts().map(({ port }) => port);
        expect(portsProvenMutual(wire)).toEqual(ports.sort((a, b) => a - b));
      },
    );
  }

  if (which === "all") {
    const leftOut = nodeCount === 1 ? "; rules among nodes left out, as there is one node" : "";
    step(`has no firewall rule that nothing uses, and none that lets more through${leftOut}`, async () => {
      const firewall = await Firewall.read(deployment);
      expect(firewall.rules.map(({ name }) => name).sort()).toEqual((await firewall.synthesizedNames()).sort());
      const notPlayed = firewall.notPlayed.map(({ name }) => name);
      if (notPlayed.length > 0) console.log(`not proven with one node: ${notPlayed.join(", ")}`);
      expect(notPlayed.length === 0).toBe(nodeCount > 1);

      const untouched = (await firewall.untouched(firewall.played)).map(({ name }) => name);
      console.log(`rules that boot, job, faults and submission did not use: ${untouched.join(", ") || "none"}`);
      await new ClusterTraffic(firewall, session, sql).touchEveryRule();
      expect(await firewall.untouched(firewall.played)).toEqual([]);

      const proofs = await proveRules(firewall);
      expect(proofs).toEqual(firewall.played.map(({ name }) => ({ rule: name, ...PROVEN })));
    });

    step(`lets through exactly what the port table says${leftOut}`, async () => {
      const reaches = await examineReach(await Firewall.read(deployment));
      console.table(reaches.map(({ from, to, open }) => ({ from, to, open: open.join(" ") })));
      console.log(`listen outside of the port table, closed to all: ${outsideOfTable(reaches).join(", ") || "none"}`);
      for (const { from, to, passed, open, passedByTable, openByTable } of reaches) {
        expect({ from, to, passed, open }).toEqual({ from, to, passed: passedByTable, open: openByTable });
      }
    });

    step(`takes on each port the certificates that the port table says, and no other${leftOut}`, async () => {
      examinations = await examineCertificates(session.nodes, deployment.client, deployment.output.cluster_name);
      console.table(examinations.map(({ node, port, name, told }) => ({ node, port, name, ...told })));
      for (const { node, port, answers, expected, misfits, unclear } of examinations) {
        const clean = { misfits: [], unclear: [] };
        expect({ node, port, ...answers, misfits, unclear }).toEqual({ node, port, ...expected, ...clean });
      }
      for (const node of session.nodes) {
        const { port } = PORTS.jobCredentials;
        // These nodes ship neither logs nor metrics.
        const ofLogs = [PORTS.logs, PORTS.logCredentials];
        const ofMetrics = [PORTS.metricsCredentials, PORTS.jobManagerReporter, PORTS.taskManagerReporter];
        const closed = [...ofLogs, ...ofMetrics].map(({ port }) => ({ port, outcome: "closed" }));
        expect(await askLoopback(node)).toMatchObject({
          tls: [{ port, outcome: "turned away" }, ...closed],
          plain: [{ port, outcome: "text", detail: expect.stringMatching(/^HTTP\/1\.1 4\d\d /) }, ...closed],
        });
      }
      const alone = nodeCount === 1 ? [PORTS.zooKeeperQuorum.name, PORTS.zooKeeperElection.name] : [];
      expect([...mutualPortsThatListened(examinations), ...alone].sort()).toEqual(
        protectedPorts()
          .map(({ name }) => name)
          .sort(),
      );
    });
  }

  if (rebuilds) {
    step("goes on in a new cluster beside the same bucket", async () => {
      await deployment.destroyCluster("client");
      expect(lab.machines()).toEqual([]);
      const atDestruction = await readNumberedStream(lab.s3(), stream);
      const restoreFrom = await newestCheckpoint(lab.s3(), deployment.output.checkpoints, jid);
      expect(plannedActions(await deployment.plan("storage"))).toEqual({});
      const storage = await viewStorage(
        lab.aws(),
        deployment.bucket,
        `${new URL(restoreFrom).pathname.slice(1)}/_metadata`,
      );
      expect(storage).toEqual({
        ...{ versioning: "Enabled", keyState: "Enabled", aliases: 1 },
        ...{ objectBytes: expect.any(Number), objectEncryption: "aws:kms", encryptedByBucketsOwnKey: true },
      });
      expect(storage.objectBytes).toBeGreaterThan(0);

      await deployment.apply("streaming");
      await Promise.all([deployment.waitUntilHealthy(6), deployment.apply("client")]);
      session = await deployment.session();
      await session.waitForTaskManagers(nodeCount, 2 * MINUTE);
      sql = await SqlClient.install(deployment.client, flinkVersion);
      const [again] = await sql.submit(numberedStreamSql({ ...stream, restoreFrom }), await session.leader());
      const job = await session.waitForCheckpoint(again, 3 * MINUTE);
      expect(job.restored?.path).toContain(restoreFrom.split("/").slice(-2).join("/"));
      // Long enough that every subtask is beyond all that the first cluster wrote.
      await lab.waitFor(async () => (await readNumberedStream(lab.s3(), stream)).smallestLast > atDestruction.largest, {
        timeout: 4 * MINUTE,
        what: "every subtask to write more than the first cluster had",
        interval: 5000,
      });
      await session.stopWithSavepoint(again, 3 * MINUTE);

      const contents = await readNumberedStream(lab.s3(), stream);
      console.log(`both clusters: ${contents.rows} rows in ${contents.files} files, largest ${contents.largest}`);
      expect(contents).toMatchObject({ duplicates: [], missing: [] });
      // The first cluster's files alone must not satisfy this.
      expect(contents.rows).toBeGreaterThan(atDestruction.rows);
      expect(contents.smallestLast).toBeGreaterThan(atDestruction.largest);
      afterRebuild = contents;
    });
  }

  step("destroys without touching what outlives it, and no packet ever left the lab", async () => {
    await deployment.destroyCluster("client");
    expect(lab.machines()).toEqual([]);
    expect(plannedActions(await deployment.plan("storage"))).toEqual({});
    expect(await lab.escapedPackets()).toBe(0);
    const figures = requireLeastPrivilege(deployment, attempts.filter(({ policy }) => policy !== undefined).length);
    if (process.env.PROVE === "1") {
      const shown = {
        stream: afterFaults,
        afterRebuild,
        wire,
        examinations,
        search: searched,
        attempts,
        judge: figures,
      };
      console.log(`written: ${writeRecord({ variant, faults: records, ...shown })}`);
    }
  });
});
