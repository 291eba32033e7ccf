import { reportKey } from "../../../core/bucket-layout";
import type { NodeReport } from "../../report";
import { asNodeReport } from "../../report-form";
import type { SharedObjects } from "../object-store";

/** A node's last report, as another node finds it. */
export interface PeerReport {
  readonly report: NodeReport;
  /** By the bucket's clock. */
  readonly ageSeconds: number;
}

export type PeerReports = ReadonlyMap<string, PeerReport>;

/** Reads the reports of other nodes; one that never reported, or in a form that is not known, is left out. */
export async function readPeers(
  objects: Pick<SharedObjects, "read">,
  place: { readonly bucket: string; readonly cluster: string },
  nodes: readonly string[],
): Promise<PeerReports> {
  const found = await Promise.all(
    nodes.map(async (node): Promise<[string, PeerReport][]> => {
      const object = await objects.read(place.bucket, reportKey(place.cluster, node));
      const report = object && parse(object.bytes);
      return report ? [[node, { report, ageSeconds: object.ageSeconds }]] : [];
    }),
  );
  return new Map(found.flat());
}

function parse(bytes: Uint8Array): NodeReport | undefined {
  try {
    return asNodeReport(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    return undefined;
  }
}
