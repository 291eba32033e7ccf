import type { MachineConsole } from "./machine-console";

/** Machines as a person reads them, each with what its console says of its boot. */
export function renderConsoles(consoles: readonly MachineConsole[]): string {
  return consoles.map(render).join("\n");
}

function render({ node, instanceId, state, lines }: MachineConsole): string {
  if (instanceId === undefined) return `${node}: its machine is ${state}.`;
  const about = `${node}: its machine ${instanceId} is ${state}`;
  if (lines.length === 0) return `${about}; its console is empty as yet.`;
  return [`${about}; its console says last of its boot:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
