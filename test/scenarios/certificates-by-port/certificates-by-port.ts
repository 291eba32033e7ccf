import { allPorts, Port, PORTS } from "../../../lib/node/ports";
import { NODE_AUTHORITY } from "../../../lib/node/tls-paths";
import { CIPHER_SUITES, TLS_PROTOCOL } from "../../../lib/settings/tls";
import { AS_OPERATOR } from "../credentials";
import { SessionNode } from "../flink-session";
import { protectedPorts } from "../protected-ports";
import { listeningPorts } from "../ports-probe";
import { ShellHost } from "../shell-host";
import { callersOn, NamedCaller } from "./callers";
import { expectedAnswers, PortAnswers, PortState } from "./expected-answers";
import { isTurnedAwayByCallee, PlainAnswer, ProbeAnswers, probeTls, TlsAnswer } from "./tls-probe";

/** What a port of one node answered, and what the port table says of it. */
export interface Examination {
  readonly node: string;
  readonly port: number;
  /** In the port table. */
  readonly name: string;
  readonly listens: boolean;
  readonly answers: PortAnswers;
  readonly expected: PortAnswers;
  /** Whoever agreed with the port on another version or cipher than all ports have; must be none. */
  readonly misfits: readonly string[];
  /** Whom a port that speaks TLS neither took nor turned away itself: that proves no refusal; must be none. */
  readonly unclear: readonly string[];
  /** What each caller was told, for the reader. */
  readonly told: Readonly<Record<string, string>>;
}

/** OpenSSL's names of `CIPHER_SUITES`. */
const CIPHERS = CIPHER_SUITES.split(",").map((suite) =>
  suite.replace(/^TLS_ECDHE_RSA_WITH_AES_(\d+)_GCM_SHA(\d+)$/, "ECDHE-RSA-AES$1-GCM-SHA$2"),
);

/**
 * Tries every port of the table and every other one that listens, on each node, from another node where there is one:
 * without a certificate, with one of a foreign authority of the same name, an operator's, and those of the caller's
 * own processes; and in plain text.
 *
 * @param client the machine that has an operator's certificate
 */
export async function examineCertificates(
  nodes: readonly SessionNode[],
  client: ShellHost,
  cluster: string,
): Promise<Examination[]> {
  const operator = await client.run(["cat", AS_OPERATOR.key, AS_OPERATOR.certificate]);
  const examinations: Examination[] = [];
  for (const [index, node] of nodes.entries()) {
    const from = nodes[(index + 1) % nodes.length];
    const byItself = from === node;
    const listening = await listeningPorts(node.machine);
    const callers = await callersOn(from, operator, cluster);
    const ports = portsToTry(byItself ? [] : listening);
    const authority = await from.machine.run(["cat", NODE_AUTHORITY]);
    const answers = await probeTls(from.machine, { host: node.host, ports, callers, authority });
    const runsZooKeeper = listening.includes(PORTS.zooKeeperClient.port);
    for (const port of ports) {
      const state = { listens: listening.includes(port), runsZooKeeper, byItself };
      examinations.push({ node: node.name, ...examine(port, state, callers, answers) });
    }
  }
  return examinations;
}

/** Rows of the table that ask for certificates, as far as anything listened on them on some node. */
export function mutualPortsThatListened(examinations: readonly Examination[]): string[] {
  return protectedPorts()
    .map(({ name }) => name)
    .filter((name) => examinations.some((one) => one.name === name && one.listens));
}

/** Judges what was said about one port. */
export function examine(
  port: number,
  state: PortState,
  callers: readonly NamedCaller[],
  { tls, plain }: ProbeAnswers,
): Omit<Examination, "node"> {
  const row: Port | undefined = allPorts().find((one) => one.port === port);
  const answerTo = ({ name }: NamedCaller): TlsAnswer => {
    const answer = tls.find((one) => one.port === port && one.caller === name);
    if (!answer) throw new Error(`nobody tried port ${port} as ${name}`);
    return answer;
  };
  const inPlain = plain.find((one) => one.port === port);
  if (!inPlain) throw new Error(`nobody tried port ${port} in plain text`);
  const accepted = callers.filter((caller) => answerTo(caller).outcome === "accepted");
  const told = callers.map((caller) => [caller.name, `${answerTo(caller).outcome} ${answerTo(caller).detail}`.trim()]);
  return {
    ...{ port, name: row?.name ?? "in no table", listens: state.listens },
    answers: { accepts: kindsOf(accepted, callers), plain: plainAnswer(inPlain) },
    expected: expectedAnswers(row, state),
    misfits: accepted
      .filter((caller) => caller.shows === undefined || !isAgreed(answerTo(caller)))
      .map((caller) => `${caller.name}: ${answerTo(caller).detail}`),
    unclear: speaksTls(row, state)
      ? callers
          .filter((caller) => !accepted.includes(caller) && !isTurnedAwayByCallee(answerTo(caller)))
          .map((caller) => `${caller.name}: ${answerTo(caller).outcome} ${answerTo(caller).detail}`.trim())
      : [],
    told: { ...Object.fromEntries(told), plain: `${inPlain.outcome} ${inPlain.detail}`.trim() },
  };
}

/** Rows that ask for certificates, where something listens that its caller's firewall lets it reach. */
function speaksTls(row: Port | undefined, state: PortState): boolean {
  return state.listens && expectedAnswers(row, state).accepts.length > 0;
}

function portsToTry(listening: readonly number[]): number[] {
  return [...new Set([...allPorts().map(({ port }) => port), ...listening])].sort((a, b) => a - b);
}

/** Whose certificates were taken; where a port takes some of one kind and not all, the names of those. */
function kindsOf(accepted: readonly NamedCaller[], callers: readonly NamedCaller[]): string[] {
  const kinds = [...new Set(callers.flatMap(({ shows }) => (shows === undefined ? [] : [shows])))];
  return kinds.flatMap((kind) => {
    const of = (some: readonly NamedCaller[]) => some.filter(({ shows }) => shows === kind).map(({ name }) => name);
    return of(accepted).length === of(callers).length ? [kind] : of(accepted);
  });
}

function isAgreed({ detail }: TlsAnswer): boolean {
  const [version, cipher] = detail.split(" ");
  return version === TLS_PROTOCOL && CIPHERS.includes(cipher);
}

function plainAnswer({ outcome, detail }: PlainAnswer): string {
  if (outcome !== "text") return outcome;
  return /^HTTP\/1\.1 30[1278]\b/.test(detail) ? "redirect" : detail;
}
