import { GO_TOOLCHAIN } from "./go-toolchain";
import type { Architecture, OriginName, PartName, Source, TablePart } from "./software-table";

/** The OpenTelemetry Collector, which reads logs on a node. */
const COLLECTOR = "0.160.0";

/** That of Log4j in Flink's own `lib/`, by line, where it lacks the layout of JSON lines; later lines have it. */
const LAYOUT_BY_LINE: Readonly<Record<string, string>> = { "1.20": "2.24.3" };

const COLLECTOR_PART: PartName = "otelcol";
const LAYOUT_PART: PartName = "log4j-layout-template-json";

export interface LogShippingRelease {
  readonly origin: OriginName;
  /** A line (`2.2`) or a patch (`2.2.1`). */
  readonly flink: string;
  readonly architecture: Architecture;
}

/** What nodes that ship their logs have beside every release: in a release of the lock file where somebody asked for it. */
export function logShippingParts(release: LogShippingRelease): readonly TablePart[] {
  const layout = layoutVersion(release.flink);
  return [collector(release), ...(layout === undefined ? [] : [jsonLayout(layout)])];
}

/** The names of `logShippingParts`, the collector's first. */
export function logShippingPartNames(flinkLineOrPatch: string): readonly PartName[] {
  return [COLLECTOR_PART, ...(layoutVersion(flinkLineOrPatch) === undefined ? [] : [LAYOUT_PART])];
}

/** Those names of parts that nodes have for their logs alone. */
export function logShippingAmong(partNames: readonly string[]): readonly PartName[] {
  return [COLLECTOR_PART, LAYOUT_PART].filter((name) => partNames.includes(name));
}

function collector({ origin, architecture }: LogShippingRelease): TablePart {
  return {
    name: COLLECTOR_PART,
    version: COLLECTOR,
    architecture,
    kind: "tar.gz",
    fileName: `otelcol-${COLLECTOR}-linux-${architecture}.tar.gz`,
    source: origin === "official" ? officialCollector(architecture) : { kind: "go-build", toolchain: GO_TOOLCHAIN },
  };
}

/**
 * The distribution for Kubernetes: the smallest that has the receivers of files and of the journal, and keeps positions on
 * a disk. The one with all of the project's components is more than twice as large.
 */
function officialCollector(architecture: Architecture): Source {
  const folder = `https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download/v${COLLECTOR}`;
  return {
    kind: "url",
    url: `${folder}/otelcol-k8s_${COLLECTOR}_linux_${architecture}.tar.gz`,
    checksumUrl: `${folder}/opentelemetry-collector-releases_otelcol-k8s_checksums.txt`,
    signature: { kind: "none", why: "the project signs with Sigstore alone" },
    program: "otelcol-k8s",
  };
}

function jsonLayout(version: string): TablePart {
  return {
    name: LAYOUT_PART,
    version,
    architecture: "any",
    kind: "tar.gz",
    fileName: `${LAYOUT_PART}-${version}.tar.gz`,
    // What it needs is Log4j, which Flink has.
    source: {
      kind: "maven-tree",
      artifacts: [`org.apache.logging.log4j:${LAYOUT_PART}:${version}`],
      without: ["*"],
    },
  };
}

function layoutVersion(flinkLineOrPatch: string): string | undefined {
  const line = flinkLineOrPatch.split(".").slice(0, 2).join(".");
  return LAYOUT_BY_LINE[line];
}
