import { allPorts, Caller, type Port } from "../../lib/node/ports";

const CALLERS: Record<Caller, string> = {
  [Caller.NODES]: "nodes of the same cluster",
  [Caller.CLIENTS]: "clients that you name",
  [Caller.ITSELF]: "processes of the machine itself",
};

function row({ name, port, protocol, callers, protection, listensOn, why }: Port): string {
  const who = callers.map((caller) => CALLERS[caller]).join(", ");
  return `| ${port} | ${protocol} | ${name} | ${listensOn} | ${who} | ${protection} | ${why} |`;
}

/** The page of every port that a node opens, made from the port table. */
export function portTablePage(): string {
  const rows = [...allPorts()].sort((a, b) => a.port - b.port).map(row);
  return `${[
    "<!-- Made by `make docs` from lib/node/ports.ts: change it there. -->",
    "",
    "# Ports",
    "",
    "Every port that a node opens, and who may call it. Security-group rules, the host firewall of each node, the",
    "configuration of Flink and ZooKeeper and this page are made from one table; a port that is not in it is closed. No",
    "port is open to the internet. What the protection means: [encryption](encryption.md).",
    "",
    "| Port | Protocol | Name | Listens on | Callers | Protection | Why |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n")}\n`;
}
