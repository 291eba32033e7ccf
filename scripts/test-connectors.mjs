/**
 * Builds the connectors of our own anew in a folder, which must exist, and runs their tests on the jars:
 * `node scripts/test-connectors.mjs FOLDER`.
 */
import { runMaven } from "./build/connectors.mjs";

try {
  runMaven(process.argv[2], "verify");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
