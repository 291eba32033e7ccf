import { Conversation } from "./conversations";
import { judge, NameOf, Permissions } from "./judgement";

/** Conversations of one kind. */
export interface WireRow {
  readonly service: string;
  readonly port: number;
  /** Who called whom. */
  readonly between: string;
  readonly protocol: string;
  /** Of TLS whose beginning was seen. */
  readonly cipher: string;
  readonly callerCertificate: string;
  readonly conversations: number;
  readonly bytes: number;
  /** Of which nothing can be said. */
  readonly unjudged: number;
}

/** A conversation that must not have been. */
export interface Breach {
  readonly service: string;
  readonly port: number;
  readonly between: string;
  readonly protocol: string;
  readonly why: string;
  /** The first bytes of it. */
  readonly sample: string;
}

/** What a capture shows. */
export interface WireTable {
  readonly rows: readonly WireRow[];
  readonly breaches: readonly Breach[];
}

/** Sums conversations up by what they were and judges each. */
export function wireTable(conversations: readonly Conversation[], nameOf: NameOf, permissions: Permissions): WireTable {
  const rows = new Map<string, WireRow>();
  const breaches: Breach[] = [];
  for (const conversation of conversations) {
    const { caller, callee, port, handshake, bytes, unjudged, sample, content, carriesData } = conversation;
    const { service, protocol, breach } = judge(conversation, nameOf, permissions);
    const between = caller === "" ? "" : `${nameOf(caller)} to ${nameOf(callee)}`;
    const kind = {
      ...{ service, port, between, protocol },
      cipher: handshake?.cipher ?? "",
      callerCertificate: handshake ? `${handshake.callerCertificate}${carriesData ? "" : ", no data"}` : "",
    };
    const key = JSON.stringify(kind);
    const known = rows.get(key) ?? { ...kind, conversations: 0, bytes: 0, unjudged: 0 };
    rows.set(key, {
      ...known,
      conversations: known.conversations + 1,
      bytes: known.bytes + bytes,
      unjudged: known.unjudged + unjudged,
    });
    if (breach !== undefined) {
      const exact = `${caller} (${nameOf(caller)}) to ${callee} (${nameOf(callee)})`;
      breaches.push({ service, port, between: exact, protocol, why: breach, sample: sample ?? content });
    }
  }
  const inOrder = [...rows.values()].sort(
    (a, b) => a.port - b.port || `${a.between}${a.protocol}`.localeCompare(`${b.between}${b.protocol}`),
  );
  return { rows: inOrder, breaches };
}

/** Several captures as one. */
export function mergeTables(tables: readonly WireTable[]): WireTable {
  const rows = new Map<string, WireRow>();
  for (const row of tables.flatMap((table) => table.rows)) {
    const { conversations, bytes, unjudged, ...kind } = row;
    const known = rows.get(JSON.stringify(kind));
    rows.set(JSON.stringify(kind), {
      ...kind,
      conversations: conversations + (known?.conversations ?? 0),
      bytes: bytes + (known?.bytes ?? 0),
      unjudged: unjudged + (known?.unjudged ?? 0),
    });
  }
  return {
    rows: [...rows.values()].sort((a, b) => a.port - b.port),
    breaches: tables.flatMap(({ breaches }) => breaches),
  };
}

/** Ports on which a caller showed a certificate and was answered with data. */
export function portsProvenMutual({ rows }: WireTable): number[] {
  const proven = rows.filter(({ callerCertificate }) => callerCertificate === "shown").map(({ port }) => port);
  return [...new Set(proven)].sort((a, b) => a - b);
}

/** Rows of connections that were seen from their beginning, of which some bytes could not be judged all the same. */
export function incompleteRows({ rows }: WireTable): WireRow[] {
  return rows.filter(({ cipher, unjudged }) => cipher !== "" && unjudged > 0);
}
