import { mkdirSync, writeFileSync } from "fs";
import { join } from "path";
import { run } from "./command";

/**
 * A thin tree over the base image in which the operating system trusts the authority, as a company's own image
 * trusts its own. Gives the layers, topmost first.
 */
export async function trustLayers(folder: string, tree: string, certificate: string): Promise<string[]> {
  const upper = join(folder, "upper");
  for (const part of ["upper", "work", "root"]) mkdirSync(join(folder, part), { recursive: true });
  const added = join(upper, "usr/local/share/ca-certificates");
  mkdirSync(added, { recursive: true });
  writeFileSync(join(added, "lab.crt"), certificate);
  const script =
    'mount -t overlay trust -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root" && ' +
    'chroot "$2/root" update-ca-certificates';
  await run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", tree, folder]);
  return [upper, tree];
}
