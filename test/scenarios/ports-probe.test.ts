import { AddressInfo, createServer, Server } from "net";
import { run } from "../lab/command";
import { parseListeningPorts, passed, probePorts } from "./ports-probe";
import { ShellHost } from "./shell-host";

const here: ShellHost = { name: "here", run: (command, options) => run(command, options) };

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1", () => resolve(server));
  });
}

test("tells a port that somebody listens on from one where nobody does", async () => {
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  const target = { host: "127.0.0.1", port };
  const whileOpen = await probePorts(here, [target]);
  await new Promise((resolve) => server.close(resolve));
  expect([...whileOpen, ...(await probePorts(here, [target]))]).toEqual(["open", "refused"]);
  expect(passed("open") && passed("refused")).toBe(true);
  expect(passed("silent")).toBe(false);
});

test("fails where it cannot tell: a name that does not resolve is no closed port", async () => {
  await expect(probePorts(here, [{ host: "no-such-name.invalid", port: 1 }])).rejects.toThrow("gaierror");
});

test("finds the listening ports that other machines may reach", () => {
  const text = [
    "LISTEN 0      4096   127.0.0.53%lo:53          0.0.0.0:*",
    "LISTEN 0      100  [::ffff:10.40.0.9]:6123           *:*",
    "LISTEN 0      100  [::ffff:127.0.0.1]:7000           *:*",
    "LISTEN 0      4096               [::1]:631          [::]:*",
    "LISTEN 0      50                     *:8081             *:*",
    "LISTEN 0      50               0.0.0.0:8081       0.0.0.0:*",
    "LISTEN 0      50          10.40.0.9%ens5:68       0.0.0.0:*",
    "",
  ].join("\n");
  expect(parseListeningPorts(text)).toEqual([68, 6123, 8081]);
  expect(() => parseListeningPorts("LISTEN 0 50 everywhere *:*")).toThrow("not understood");
});
