import { createServer as createHttpServer } from "node:http";
import { AddressInfo, createServer, Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { PORTS } from "../../../lib/node/ports";
import { authorityCertificate } from "../../../lib/core/x509/authority";
import { issue, SigningAuthority } from "../../../lib/core/x509/leaf";
import { certificatesPem, keyPem } from "../../../lib/core/x509/pem";
import { localAuthority } from "../../support/local-authority";
import { run } from "../../lab/command";
import { ShellHost } from "../shell-host";
import { foreignPair, NamedCaller } from "./callers";
import { examine } from "./certificates-by-port";
import { expectedAnswers } from "./expected-answers";
import { isTurnedAwayByCallee, ProbeAnswers, probeTls } from "./tls-probe";

const here: ShellHost = { name: "here", run: (command, options) => run(command, options) };
const HOST = "127.0.0.1";

// A busy machine makes keys slowly.
jest.setTimeout(120_000);

const [GCM_OPENSSL, CBC_OPENSSL] = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384"];

interface Pair {
  readonly key: string;
  readonly cert: string;
}

async function pairOf(authority: SigningAuthority): Promise<Pair> {
  const subject = { organization: "lab", commonName: "node" };
  const request = { subject, hosts: ["node"], addresses: [HOST], serverAuth: true, validitySeconds: 600 };
  const { key, certificate } = await issue(request, authority, new Date());
  return { key: keyPem(key), cert: certificatesPem(certificate) };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

describe("what ports of this machine answer", () => {
  const servers: Server[] = [];
  let authority: string;
  let callers: NamedCaller[];

  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    servers.push(server);
    return portOf(server);
  }

  let own: Pair;
  const mutual = (version: "TLSv1.2" | "TLSv1.3", says = ""): Server => {
    const versions = {
      minVersion: version,
      maxVersion: version,
      ciphers: version === "TLSv1.2" ? GCM_OPENSSL : undefined,
    };
    const server = createTlsServer(
      { ...own, ca: authority, requestCert: true, rejectUnauthorized: true, ...versions },
      (socket) => {
        socket.on("error", () => undefined);
        if (says) socket.write(says);
      },
    );
    return server.on("tlsClientError", () => undefined);
  };

  beforeAll(async () => {
    const nodes = localAuthority("node", "lab");
    authority = certificatesPem(await authorityCertificate(nodes.name, nodes.key, nodes.sign));
    own = await pairOf(nodes);
    const pair = own.key + own.cert;
    callers = [
      { name: "none", shows: "none" },
      { name: "foreign", shows: "foreign", pair: await foreignPair("lab", { name: "node", host: "node" }) },
      { name: "node", shows: "node", pair },
      { name: "node, CBC", pair, version: "TLSv1.2", cipher: CBC_OPENSSL },
    ];
  });

  afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

  const ask = async (...ports: number[]): Promise<ProbeAnswers> =>
    probeTls(here, { host: HOST, ports, callers, authority });
  const outcomes = ({ tls }: ProbeAnswers): string[] => tls.map(({ caller, outcome }) => `${caller}: ${outcome}`);
  const ONLY_NODE = ["none: turned away", "foreign: turned away", "node: accepted", "node, CBC: turned away"];

  test("mutual TLS 1.2 takes the authority's certificate alone, and says nothing in plain text", async () => {
    const answers = await ask(await listen(mutual("TLSv1.2")));
    expect(outcomes(answers)).toEqual(ONLY_NODE);
    expect(answers.tls.map(isTurnedAwayByCallee)).toEqual([true, true, false, true]);
    expect(answers.tls[2].detail).toBe(`TLSv1.2 ${GCM_OPENSSL}`);
    expect(answers.plain).toMatchObject([{ outcome: "nothing" }]);
  });

  test("mutual TLS 1.3, which refuses after the handshake, is told as well", async () => {
    const answers = await ask(await listen(mutual("TLSv1.3", "a byte, which is not waited for")));
    expect(outcomes(answers)).toEqual(ONLY_NODE);
    expect(answers.tls.slice(0, 2).every(isTurnedAwayByCallee)).toBe(true);
  });

  test("mutual TLS 1.3 that says nothing for as long as is waited has accepted", async () => {
    const port = await listen(mutual("TLSv1.3"));
    const node = callers.filter(({ name }) => name === "node");
    const outcomeAfter = async (answerSeconds: number): Promise<string> => {
      const { tls } = await probeTls(here, { host: HOST, ports: [port], callers: node, authority, answerSeconds });
      // The handshake alone takes longer on a machine that is busy enough.
      return tls[0].outcome === "swallowed" ? outcomeAfter(2 * answerSeconds) : tls[0].outcome;
    };
    expect(await outcomeAfter(1)).toBe("accepted");
  });

  test("a port that asks for no certificate takes everybody; one that nobody listens on is closed", async () => {
    const open = createTlsServer({ ...own, maxVersion: "TLSv1.2" }, (socket) => socket.on("error", () => undefined));
    open.on("tlsClientError", () => undefined);
    const gone = createServer();
    const closedPort = await listen(gone);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const answers = await ask(await listen(open), closedPort);
    expect(new Set(answers.tls.map(({ outcome }) => outcome))).toEqual(new Set(["accepted", "closed"]));
    expect(answers.tls.filter(({ outcome }) => outcome === "accepted")).toHaveLength(4);
    expect(answers.plain.map(({ outcome }) => outcome)).toEqual(["nothing", "closed"]);
  });

  test("a port that speaks plain HTTP gives itself away", async () => {
    const plain = createHttpServer((_, response) => response.writeHead(301, { location: "https://node/" }).end());
    const answers = await ask(await listen(plain));
    expect(answers.plain).toMatchObject([{ outcome: "text", detail: "HTTP/1.1 301 Moved Permanently" }]);
    expect(answers.tls.every(({ outcome }) => outcome === "turned away")).toBe(true);
  });

  test("a port that says nothing, or speaks no TLS, turns nobody away itself", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined).resume());
    const ports = [await listen(silent), await listen(createHttpServer())];
    const answers = await probeTls(here, { host: HOST, ports, callers, authority, answerSeconds: 0.2 });
    expect(new Set(answers.tls.slice(0, 4).map(({ outcome }) => outcome))).toEqual(new Set(["swallowed"]));
    expect(answers.tls.some(isTurnedAwayByCallee)).toBe(false);
  });

  test("what a caller's own side refuses fails the whole", async () => {
    const unknown = [{ name: "none", cipher: "NO-SUCH-SUITE" }];
    const ports = [await listen(mutual("TLSv1.2"))];
    await expect(probeTls(here, { host: HOST, ports, callers: unknown, authority })).rejects.toThrow(/set_ciphers/);
  });

  test("a callee of another authority fails the whole", async () => {
    own = await pairOf(localAuthority("node", "lab"));
    await expect(ask(await listen(mutual("TLSv1.2")))).rejects.toThrow("shows a certificate of another authority");
  });
});

describe("an answer is judged by the port table", () => {
  const callers: NamedCaller[] = [
    ...(["none", "foreign", "client"] as const).map((shows) => ({ name: shows, shows })),
    ...["jobmanager", "taskmanager"].map((process) => ({ name: `node (${process})`, shows: "node" as const })),
    { name: "node, CBC" },
  ];
  const state = { listens: true, runsZooKeeper: true, byItself: false };
  const judge = (port: number, accepted: readonly string[], plain = "nothing", detail = "", cipher = GCM_OPENSSL) =>
    examine(port, state, callers, {
      tls: callers.map(({ name: caller }) =>
        accepted.includes(caller)
          ? { port, caller, outcome: "accepted", detail: `TLSv1.2 ${cipher}` }
          : { port, caller, outcome: "turned away", detail: "SSLV3_ALERT_BAD_CERTIFICATE" },
      ),
      plain: [{ port, outcome: plain as "nothing", detail }],
    });
  const NODES = ["node (jobmanager)", "node (taskmanager)"];
  const isAsExpected = ({ answers, expected, misfits, unclear }: ReturnType<typeof judge>): boolean => {
    return JSON.stringify(answers) === JSON.stringify(expected) && misfits.length + unclear.length === 0;
  };

  test("what it says, of every kind of row", () => {
    for (const { port } of [PORTS.zooKeeperQuorum, PORTS.jobManagerBlob, PORTS.taskManagerData]) {
      expect(judge(port, NODES)).toMatchObject({ expected: { accepts: ["node"], plain: "nothing" }, misfits: [] });
      expect(isAsExpected(judge(port, NODES))).toBe(true);
    }
    const rest = judge(PORTS.jobManagerRest.port, ["client", ...NODES], "text", "HTTP/1.1 301 Moved Permanently");
    expect(isAsExpected(rest)).toBe(true);
    expect(isAsExpected(judge(PORTS.jobCredentials.port, [], "swallowed"))).toBe(true);
    expect(isAsExpected(judge(40_000, [], "swallowed"))).toBe(true);
  });

  test.each([
    ["a certificate that it does not take", () => judge(PORTS.jobManagerBlob.port, ["client", ...NODES])],
    ["nobody's", () => judge(PORTS.jobManagerBlob.port, ["none", ...NODES])],
    ["not all nodes' certificates", () => judge(PORTS.jobManagerBlob.port, ["node (jobmanager)"])],
    ["plain text", () => judge(PORTS.jobManagerBlob.port, NODES, "text", "HTTP/1.1 200 OK")],
    ["no redirect", () => judge(PORTS.jobManagerRest.port, ["client", ...NODES], "text", "HTTP/1.1 200 OK")],
    ["another suite", () => judge(PORTS.jobManagerBlob.port, NODES, "nothing", "", CBC_OPENSSL)],
    ["a caller that fits none", () => judge(PORTS.jobManagerBlob.port, [...NODES, "node, CBC"])],
    ["on a port that is in no table", () => judge(40_000, [], "nothing")],
  ])("and nothing else: %s", (_, act) => {
    expect(isAsExpected(act())).toBe(false);
  });

  test.each([
    ["swallowed", "no answer within the handshake"],
    ["turned away", "NO_CIPHERS_AVAILABLE"],
  ] as const)("who was %s by %s was not refused by the port", (outcome, detail) => {
    const { port } = PORTS.jobManagerBlob;
    const tls = callers.map(({ name: caller, shows }) =>
      shows === "node"
        ? { port, caller, outcome: "accepted" as const, detail: `TLSv1.2 ${GCM_OPENSSL}` }
        : { port, caller, outcome, detail },
    );
    const judged = examine(port, state, callers, { tls, plain: [{ port, outcome: "nothing", detail: "" }] });
    expect(judged.answers).toEqual(judged.expected);
    expect(judged.unclear).toHaveLength(4);
  });

  test("a row of ZooKeeper is closed by the node itself where none runs, and closed where none of it listens", () => {
    const row = PORTS.zooKeeperQuorum;
    expect(expectedAnswers(row, { ...state, runsZooKeeper: false }).plain).toBe("swallowed");
    expect(expectedAnswers(row, { ...state, listens: false }).plain).toBe("closed");
    expect(expectedAnswers(PORTS.jobCredentials, { ...state, byItself: true }).plain).toBe("closed");
  });
});
