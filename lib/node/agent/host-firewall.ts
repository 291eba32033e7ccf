import * as fs from "fs/promises";
import * as path from "path";
import { HOST_FIREWALL_JUMPS } from "../host-firewall";
import { HOST_FIREWALL_FILES, RUNTIME } from "../paths";
import { mustRun, runCommand } from "./command";
import { writeFileAtomically } from "./files";

/** Seconds that another program may hold the kernel's tables. */
const WAIT_SECONDS = "30";
/** Not there in a kernel without IPv6, which takes no rules for it and needs none. */
const IPV6_SIGN = "/proc/net/if_inet6";

/** Loads the rules that lie on the machine; loading them again replaces them in one step. */
export async function loadHostFirewall(): Promise<void> {
  for (const [program, file] of await families()) await load(program, file);
}

/** Our part of what the kernel holds, by name of the part, such as `INPUT of ip6tables`. */
export async function showHostFirewall(): Promise<ReadonlyMap<string, string>> {
  const parts = new Map<string, string>();
  for (const [program] of await families()) {
    const saved = await mustRun(`${program}-save`, ["-t", "filter"]);
    for (const [chain, rules] of ownRules(saved)) parts.set(`${chain} of ${program}`, rules);
  }
  return parts;
}

/**
 * What is ours of the text of iptables-save: the rules of our chains, and of those that must lead there the first rule,
 * and the way there after it where others come first. What others have after it is theirs.
 */
export function ownRules(saved: string): ReadonlyMap<string, string> {
  const rulesOf = (chain: string): string[] => saved.split("\n").filter((line) => line.startsWith(`-A ${chain} `));
  return new Map(
    Object.entries(HOST_FIREWALL_JUMPS).flatMap(([builtIn, chain]): [string, string][] => {
      const jump = `-A ${builtIn} -j ${chain}`;
      const leading = rulesOf(builtIn).filter((rule, index) => index === 0 || rule === jump);
      return [
        [builtIn, [...new Set(leading)].join("\n")],
        [chain, rulesOf(chain).join("\n")],
      ];
    }),
  );
}

async function families(): Promise<[program: string, file: string][]> {
  const hasIpv6 = await fs.stat(IPV6_SIGN).catch(() => undefined);
  const ipv6: [string, string][] = hasIpv6 ? [["ip6tables", HOST_FIREWALL_FILES.ipv6]] : [];
  return [["iptables", HOST_FIREWALL_FILES.ipv4], ...ipv6];
}

async function load(program: string, file: string): Promise<void> {
  const present: string[] = [];
  for (const [builtIn, chain] of Object.entries(HOST_FIREWALL_JUMPS)) {
    const { exitCode } = await ask(program, ["-w", WAIT_SECONDS, "-C", builtIn, "-j", chain]);
    if (exitCode === 0) present.push(builtIn);
  }
  await fs.mkdir(RUNTIME, { recursive: true, mode: 0o755 });
  const whole = path.join(RUNTIME, path.basename(file));
  await writeFileAtomically(whole, enterFirst(await fs.readFile(file, "utf8"), present), 0o600);
  await mustRun(`${program}-restore`, ["--noflush", "--wait", WAIT_SECONDS, whole]);
}

/**
 * The rules with what leads into their chains, before all other rules. Whatever led there already goes in the same
 * step: there is no moment without.
 */
export function enterFirst(rules: string, present: readonly string[]): string {
  const jumps = Object.entries(HOST_FIREWALL_JUMPS).flatMap(([builtIn, chain]) => [
    ...(present.includes(builtIn) ? [`-D ${builtIn} -j ${chain}`] : []),
    `-I ${builtIn} 1 -j ${chain}`,
  ]);
  return rules.replace(/^COMMIT$/m, [...jumps, "COMMIT"].join("\n"));
}

async function ask(program: string, args: readonly string[]): ReturnType<typeof runCommand> {
  try {
    return await runCommand(program, args);
  } catch (error) {
    if (!/ENOENT/.test((error as Error).message)) throw error;
    throw new Error(
      `this machine has no ${program}, and nothing of Flink starts without the host firewall: ` +
        "use an image that has it, such as Debian's official cloud image",
      { cause: error },
    );
  }
}
