import { buildSync } from "esbuild";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ENTRY = `
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
export async function problems(name, content) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = value && (await convertWorkflowTemplate(context, value, undefined, { errorPolicy: 1 }));
  return [...context.errors.getErrors().map((error) => error.message), ...(template?.errors ?? []).map((error) => error.Message)];
}`;

interface Parser {
  problems(name: string, content: string): Promise<string[]>;
}

let parser: Parser | undefined;

/** What GitHub's own parser has against a workflow. It comes as modules that only a bundler can load on every Node.js. */
export async function workflowProblems(file: string, content = readFileSync(file, "utf8")): Promise<string[]> {
  parser ??= load();
  return [...new Set(await parser.problems(file, content))];
}

function load(): Parser {
  const { outputFiles } = buildSync({
    stdin: { contents: ENTRY, resolveDir: join(__dirname, "../../..") },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
  });
  const loaded = { exports: {} as Parser };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a program that was bundled a moment ago
  new Function("module", "exports", "require", outputFiles[0].text)(loaded, loaded.exports, require);
  return loaded.exports;
}
