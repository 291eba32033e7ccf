import { build, Plugin } from "esbuild";

/** Packages that read files of their own beside their code, and so stay where they are installed. */
const STAY = /^@cloud-copilot\//;

/** Makes one file of a program that Node.js runs from anywhere on this machine. */
export async function bundle(entry: string, output: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    sourcemap: "inline",
    logLevel: "silent",
    plugins: [staying],
  });
}

const staying: Plugin = {
  name: "packages that stay where they are",
  setup: (build) => {
    build.onResolve({ filter: STAY }, ({ path }) => ({ path: require.resolve(path), external: true }));
  },
};
