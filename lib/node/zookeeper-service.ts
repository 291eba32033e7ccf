import type { SoftwareItem, UnitSpec } from "./desired-state";
import { CONNECTIONS, FLINK_DATA, RUNTIME, softwareFolder, TRUST_STORE, ZOOKEEPER_CONF, ZOOKEEPER_DATA } from "./paths";
import { PORTS } from "./ports";
import { renderServiceUnit, ZOOKEEPER_PRIORITY } from "./units";
import { ZOOKEEPER_USER } from "./users";

export const ZOOKEEPER_UNIT = "zookeeper.service";

export interface ZooKeeperServiceInput {
  readonly java: SoftwareItem;
  readonly zooKeeper: SoftwareItem;
  /** Heap of the server in MiB, both its first and its largest size. */
  readonly heapMebibytes: number;
  /** Further options of the JVM. */
  readonly jvmOptions: readonly string[];
}

/** The same class serves one server alone and one of an ensemble: zoo.cfg decides. */
export function zooKeeperUnit(input: ZooKeeperServiceInput): UnitSpec {
  return {
    name: ZOOKEEPER_UNIT,
    reads: [ZOOKEEPER_CONF, `${ZOOKEEPER_DATA}/myid`],
    health: { kind: "zookeeper", port: PORTS.zooKeeperClient.port },
    content: renderServiceUnit({
      description: "ZooKeeper of this Flink node",
      user: ZOOKEEPER_USER,
      command: [
        `${softwareFolder(input.java)}/bin/java`,
        `-Xms${input.heapMebibytes}m`,
        `-Xmx${input.heapMebibytes}m`,
        // A server that is out of memory must not go on half alive: its place in the quorum is taken when it is gone.
        "-XX:+ExitOnOutOfMemoryError",
        `-Djavax.net.ssl.trustStore=${TRUST_STORE}`,
        "-Djavax.net.ssl.trustStoreType=JKS",
        ...input.jvmOptions,
        "-cp",
        `${ZOOKEEPER_CONF}:${softwareFolder(input.zooKeeper)}/lib/*`,
        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
        `${ZOOKEEPER_CONF}/zoo.cfg`,
      ],
      environment: {},
      writableFolders: [ZOOKEEPER_DATA],
      hiddenPaths: [FLINK_DATA, RUNTIME, CONNECTIONS],
      priority: ZOOKEEPER_PRIORITY,
      stopTimeoutSeconds: 20,
    }),
  };
}

/** To standard output: the journal keeps and bounds them. */
export const ZOOKEEPER_LOGBACK = logback("%d{ISO8601,UTC} %-5level %logger{36} [%thread] - %msg%n");

/**
 * Where logs are shipped: one event is one line, and one entry of the journal, which knows its time. Behind the message
 * stands, after a tab, its stack trace; in both, breaks of lines, tabs and backslashes are written as in C.
 */
export const ZOOKEEPER_LOGBACK_LINES = logback(
  `%-5level [%thread] %logger - ${onOneLine("%msg")}\\t${onOneLine("%ex")}%nopex%n`,
);

/** In the words of logback's patterns, the text that a pattern gives, on one line. */
function onOneLine(pattern: string): string {
  const escapes = [
    [String.raw`\\`, String.raw`\\\\`],
    [String.raw`\n`, String.raw`\\n`],
    [String.raw`\r`, String.raw`\\r`],
    [String.raw`\t`, String.raw`\\t`],
  ];
  return escapes.reduce((text, [what, by]) => `%replace(${text}){'${what}', '${by}'}`, pattern);
}

function logback(pattern: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
    <encoder>
      <pattern>${pattern}</pattern>
    </encoder>
  </appender>
  <!-- They write a line for each question about its health. -->
  <logger name="org.apache.zookeeper.server.NettyServerCnxn" level="WARN" />
  <logger name="org.apache.zookeeper.server.auth.X509AuthenticationProvider" level="WARN" />
  <root level="INFO">
    <appender-ref ref="CONSOLE" />
  </root>
</configuration>
`;
}
