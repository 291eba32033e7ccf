import { cpSync } from "fs";
import * as path from "path";
import { FLINK_LIB, softwareFolder } from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import { trustStoreFlags } from "../../../lib/settings/java-options";
import type { Machine } from "../../lab/machine";
import { propertiesFile } from "../others/properties-file";
import { releaseSoftware } from "../release-software";
import { KafkaClient } from "./kafka-client";
import { ensureKafka } from "./kafka-software";
import type { KafkaConnectionFile } from "./topic-job";

/** A client that is refused says so soon, and none waits for what its user may not do. */
const SOON = {
  "default.api.timeout.ms": "15000",
  "request.timeout.ms": "10000",
  "max.block.ms": "15000",
  "enable.idempotence": "false",
};

/** Clients of Kafka on a node, by what jobs have there: their user, their class path and their properties. */
export class ClientsOnNode {
  /** @param folder on the node, which is there; whoever made it takes it away */
  public static async layOut(node: Machine, folder: string, flinkVersion: string): Promise<ClientsOnNode> {
    const { program } = await ensureKafka();
    cpSync(program, path.join(node.root, folder, "program"), { recursive: true });
    return new ClientsOnNode(node, folder, flinkVersion);
  }

  private constructor(
    private readonly node: Machine,
    private readonly folder: string,
    private readonly flinkVersion: string,
  ) {}

  /** @param changed properties in the place of the job's own; without a value: none */
  public async client(
    name: string,
    connection: KafkaConnectionFile,
    changed: Readonly<Record<string, string | undefined>> = {},
  ): Promise<KafkaClient> {
    const file = `${this.folder}/${name}.properties`;
    const given = Object.entries({ ...connection.properties, ...SOON, ...changed });
    const properties = Object.fromEntries(given.filter((one): one is [string, string] => one[1] !== undefined));
    await this.node.run(["sh", "-c", `cat > ${file}`], { input: propertiesFile(properties) });
    const java = `${softwareFolder(releaseSoftware(this.flinkVersion).java)}/bin/java`;
    const classPath = [`${this.folder}/program`, `${FLINK_LIB}/*`];
    const javaOptions = trustStoreFlags().split(" ");
    return new KafkaClient({ host: this.node, user: TASK_MANAGER_USER, java, classPath, javaOptions }, file);
  }
}
