import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { zipSync } from "fflate";
import { bundleProgram } from "./build/program.mjs";
import { root } from "./build/root.mjs";

/** What AWS Lambda runs, as the functions of lib say it. */
const TARGET = "node22";
/** The functions by name, each with its entry point. */
const FUNCTIONS = {
  "grafana-provisioner": "lib/dataflow/provisioning/grafana/main.ts",
  "kafka-provisioner": "lib/dataflow/provisioning/kafka/main.ts",
  "opensearch-provisioner": "lib/dataflow/provisioning/opensearch/main.ts",
  "postgresql-provisioner": "lib/dataflow/provisioning/postgresql/main.ts",
};
/** No time that differs between two runs: fields of the earliest that an archive can hold, in whatever zone this runs. */
const NO_TIME = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = 0o100644 << 16;

/**
 * Bundles each function as an archive, into build/functions by default. Its hash decides whether Terraform uploads it, so the
 * same sources give the same bytes: it is compressed by a program and not by what Node.js brings. Returns the metafiles.
 */
export async function bundleFunctions(folder = path.join(root, "build/functions")) {
  mkdirSync(folder, { recursive: true });
  const metafiles = [];
  for (const [name, entryPoint] of Object.entries(FUNCTIONS)) {
    const work = mkdtempSync(path.join(tmpdir(), "function-"));
    try {
      const outfile = path.join(work, "index.js");
      metafiles.push(await bundleFunction(entryPoint, outfile));
      const file = [readFileSync(outfile), { mtime: NO_TIME, os: UNIX, attrs: READABLE_FILE }];
      writeFileSync(path.join(folder, `${name}.zip`), zipSync({ "index.js": file }, { level: 9 }));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return metafiles;
}

function bundleFunction(entryPoint, outfile) {
  return bundleProgram({
    ...{ entryPoint, outfile, target: TARGET },
    mainFields: ["module", "main"],
    // A client in C, which nobody asks for.
    external: ["pg-native"],
  });
}
