import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { parse } from "yaml";
import { FLINK_CONF } from "../../lib/node/paths";
import { waitFor } from "../lab/wait-for";
import { FlinkSession, SessionNode } from "./flink-session";
import { HOSTILE_PREFIX, HOSTILE_TAGS } from "./hostile-strings";

/** The hostile entries of a node's `config.yaml`, as any reader of YAML sees them. */
export async function configurationFile(node: SessionNode): Promise<Record<string, string>> {
  const text = await node.machine.run(["cat", `${FLINK_CONF}/config.yaml`]);
  return hostileEntries(parse(text, { version: "1.2", schema: "core" }) as Record<string, string>);
}

/** The hostile entries as Flink itself read them: what a node's JobManager answers. */
export async function configurationOfFlink(session: FlinkSession, node: SessionNode): Promise<Record<string, string>> {
  const entries = await waitFor(
    () => session.get<readonly { readonly key: string; readonly value: string }[]>("/jobmanager/config", [node]),
    { timeout: 60_000, what: `the configuration of ${node.name}`, interval: 500 },
  );
  return hostileEntries(Object.fromEntries(entries.map(({ key, value }) => [key, value])));
}

function hostileEntries(configuration: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(configuration).filter(([key]) => key.startsWith(`${HOSTILE_PREFIX}.`)));
}

/** The hostile tags of a node's machine, as EC2 tells them. */
export async function tagsOfMachine(ec2: EC2Client, node: SessionNode): Promise<Record<string, string>> {
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: "tag:Name", Values: [node.name] },
        { Name: "instance-state-name", Values: ["running"] },
      ],
    }),
  );
  const [instance, ...others] = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  if (!instance || others.length > 0) throw new Error(`one running machine is named ${node.name}, or should be`);
  return Object.fromEntries(
    (instance.Tags ?? []).filter(({ Key }) => Key! in HOSTILE_TAGS).map(({ Key, Value }) => [Key!, Value ?? ""]),
  );
}
