import { GO_TOOLCHAIN } from "./go-toolchain";
import type { Architecture, OriginName, PartName, Source, TablePart } from "./software-table";

/** Telegraf, which reads metrics on a node and writes them elsewhere. */
const TELEGRAF = "1.37.2";
const TELEGRAF_PART: PartName = "telegraf";
const MODULE = "github.com/influxdata/telegraf";

/** All that a node's configuration names; whatever else Telegraf has is left out of what is built. */
const PLUGINS = [
  ...["cpu", "disk", "diskio", "file", "internal", "kernel", "mem", "net", "prometheus", "system"].map(
    (name) => `inputs.${name}`,
  ),
  "processors.starlark",
  "aggregators.merge",
  ...["file", "http", "postgresql"].map((name) => `outputs.${name}`),
  ...["influx", "json", "prometheusremotewrite"].map((name) => `serializers.${name}`),
  "parsers.prometheus",
  "secretstores.docker",
];

export interface MetricsShippingRelease {
  readonly origin: OriginName;
  readonly architecture: Architecture;
}

/** What nodes that ship their metrics have beside every release: in a release of the lock file where somebody asked for it. */
export function metricsShippingParts({ origin, architecture }: MetricsShippingRelease): readonly TablePart[] {
  return [
    {
      name: TELEGRAF_PART,
      version: TELEGRAF,
      architecture,
      kind: "tar.gz",
      fileName: `telegraf-${TELEGRAF}-linux-${architecture}.tar.gz`,
      source: origin === "official" ? officialTelegraf(architecture) : builtTelegraf(),
    },
  ];
}

/** The names of `metricsShippingParts`. */
export function metricsShippingPartNames(): readonly PartName[] {
  return [TELEGRAF_PART];
}

/** Those names of parts that nodes have for their metrics alone. */
export function metricsShippingAmong(partNames: readonly string[]): readonly PartName[] {
  return metricsShippingPartNames().filter((name) => partNames.includes(name));
}

/** The program with all its plugins, as the project builds it. */
function officialTelegraf(architecture: Architecture): Source {
  const url = `https://dl.influxdata.com/telegraf/releases/telegraf-${TELEGRAF}_linux_${architecture}.tar.gz`;
  return {
    kind: "url",
    url,
    signature: {
      kind: "detached",
      url: `${url}.asc`,
      keysUrls: ["https://repos.influxdata.com/influxdata-archive.key"],
    },
    program: `telegraf-${TELEGRAF}/usr/bin/telegraf`,
  };
}

/** The same program with the plugins that are used: a sixth of the size. */
function builtTelegraf(): Source {
  return {
    kind: "go-build",
    toolchain: GO_TOOLCHAIN,
    package: `${MODULE}/cmd/telegraf`,
    tags: ["custom", ...PLUGINS],
    variables: { [`${MODULE}/internal.Version`]: TELEGRAF },
  };
}
