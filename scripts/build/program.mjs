import { build } from "esbuild";
import { root } from "./root.mjs";

/**
 * Bundles a program with all that it needs into one file: the same sources give the same bytes. Returns what
 * esbuild tells of its inputs. Further options are esbuild's own.
 */
export async function bundleProgram({ entryPoint, outfile, target, firstLine, ...options }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: "node",
    target,
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "eof",
    charset: "utf8",
    ...(firstLine && { banner: { js: firstLine } }),
    metafile: true,
    logLevel: "warning",
    ...options,
  });
  return metafile;
}
