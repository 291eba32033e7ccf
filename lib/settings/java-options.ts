import { TRUST_STORE } from "../node/paths";
import type { FlinkVersion } from "./flink-version";

/**
 * What Flink needs opened of Java 17, one flag each, copied from the `config.yaml` that Flink ships. A
 * configuration that replaces the shipped one must carry the list, never shortened.
 */
const EXPORTS = [
  "java.rmi/sun.rmi.registry",
  "jdk.compiler/com.sun.tools.javac.api",
  "jdk.compiler/com.sun.tools.javac.file",
  "jdk.compiler/com.sun.tools.javac.parser",
  "jdk.compiler/com.sun.tools.javac.tree",
  "jdk.compiler/com.sun.tools.javac.util",
  "java.security.jgss/sun.security.krb5",
];
const EXPORTS_OF_1_20 = ["java.base/sun.net.util", ...EXPORTS];
const OPENS = [
  "java.base/java.lang",
  "java.base/java.net",
  "java.base/java.io",
  "java.base/java.nio",
  "java.base/sun.nio.ch",
  "java.base/java.lang.reflect",
  "java.base/java.text",
  "java.base/java.time",
  "java.base/java.util",
  "java.base/java.util.concurrent",
  "java.base/java.util.concurrent.atomic",
  "java.base/java.util.concurrent.locks",
];

/** Value of `env.java.opts.all`: the shipped list of the line. */
export function moduleFlags(version: FlinkVersion): string {
  const exports = version.line === "1.20" ? EXPORTS_OF_1_20 : EXPORTS;
  return [
    ...exports.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
    ...OPENS.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
  ].join(" ");
}

/**
 * Value of `env.java.default-opts.all`: the certificates that the operating system trusts, and no others. A
 * JKS store gives out certificates without its password, so none is needed.
 */
export function trustStoreFlags(): string {
  return `-Djavax.net.ssl.trustStore=${TRUST_STORE} -Djavax.net.ssl.trustStoreType=JKS`;
}

/**
 * What a flag for the Java virtual machine may consist of. Flink's start scripts pass the flags through the
 * shell's `eval`, so nothing that means something to a shell may pass; a colon before a space would make the
 * scripts quote the whole value.
 */
export const JAVA_FLAGS =
  /^-[A-Za-z0-9_.,:=/+@%-]*[A-Za-z0-9_.,=/+@%-]( -[A-Za-z0-9_.,:=/+@%-]*[A-Za-z0-9_.,=/+@%-])*$/;
