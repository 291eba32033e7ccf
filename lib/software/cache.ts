import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { refuse } from "../core/validation";

/**
 * The folder that holds what was downloaded or built once and can be had again: outside every checkout.
 * `CDKTF_FLINK_CACHE`, else `$XDG_CACHE_HOME/cdktf-flink`, else `~/.cache/cdktf-flink`; an empty variable
 * counts as unset. It need not exist yet.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.CDKTF_FLINK_CACHE;
  if (own) {
    if (!isAbsolute(own)) {
      refuse({
        property: "CDKTF_FLINK_CACHE",
        value: own,
        allowed: "an absolute path",
        remedy: "give the folder's full path, or unset it to use ~/.cache/cdktf-flink",
      });
    }
    return own;
  }
  // The XDG specification says that a relative path there is to be ignored.
  const xdg = environment.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "cdktf-flink");
}
