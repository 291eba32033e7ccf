import { homedir } from "node:os";
import { join } from "node:path";
import { cacheDirectory } from "../../lib/software/cache";

test.each([
  [{}, join(homedir(), ".cache", "cdktf-flink")],
  [{ XDG_CACHE_HOME: "/var/cache" }, "/var/cache/cdktf-flink"],
  [{ XDG_CACHE_HOME: "relative" }, join(homedir(), ".cache", "cdktf-flink")],
  [{ XDG_CACHE_HOME: "/var/cache", CDKTF_FLINK_CACHE: "/mnt/mine" }, "/mnt/mine"],
  [{ CDKTF_FLINK_CACHE: "" }, join(homedir(), ".cache", "cdktf-flink")],
])("%j means %s", (environment, folder) => {
  expect(cacheDirectory(environment)).toBe(folder);
});

test("a relative cache folder is refused, since it would lie in the checkout", () => {
  expect(() => cacheDirectory({ CDKTF_FLINK_CACHE: "cache" })).toThrow(
    /^CDKTF_FLINK_CACHE is "cache", but must be an absolute path: /,
  );
});
