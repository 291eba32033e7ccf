import { ShellHost } from "../shell-host";

const FOLDERS = ["/etc", "/opt", "/root", "/run", "/srv", "/tmp", "/var"];

/** Reads the texts from standard input, so that the search itself is no trace of them. */
const SEARCH = `
texts=$(mktemp -p /dev/shm) && cat > "$texts"
grep -rlFs -D skip -f "$texts" "$@"
grep -lFs -f "$texts" /proc/[0-9]*/cmdline /proc/[0-9]*/environ
rm -f "$texts"
`;

/** Files of a machine that hold one of the texts, and commands and environments of its processes that do, sorted. */
export async function tracesOnMachine(machine: ShellHost, texts: readonly string[]): Promise<string[]> {
  const input = texts.map((text) => `${text}\n`).join("");
  const found = await machine.run(["sh", "-c", SEARCH, "sh", ...FOLDERS], { input, timeout: 240_000 });
  return found.split("\n").filter(Boolean).sort();
}
