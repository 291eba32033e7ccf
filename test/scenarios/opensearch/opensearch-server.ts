import { cpSync, mkdirSync, writeFileSync } from "fs";
import * as path from "path";
import type { KeyAndCertificate } from "../../lab/authority";
import { Machine } from "../../lab/machine";
import { waitFor } from "../../lab/wait-for";
import type { MavenSoftware } from "../others/maven-software";
import { newPassword } from "../others/passwords";
import { propertiesFile } from "../others/properties-file";
import { releaseSoftware, unpackPart } from "../release-software";
import { OpenSearchClient } from "./opensearch-client";
import { OPENSEARCH_HOST, OPENSEARCH_PORT } from "./opensearch-stacks";
import { ADMINISTRATOR, configurationFiles } from "./security-files";

export interface OpenSearchServerProps {
  readonly machine: Machine;
  /** For the name by which clients know it. */
  readonly certificate: KeyAndCertificate;
  /** PEM of what signed it. */
  readonly authority: string;
  readonly software: MavenSoftware;
  /** Flink line whose Java it runs with. */
  readonly flinkVersion: string;
}

const HOME = "/opt/opensearch";
const CONFIG = `${HOME}/config`;
const DATA = "/var/lib/opensearch";
const USER = "opensearch";
const UNIT = "opensearch.service";
const CLASS_PATH = [`${HOME}/program`, `${HOME}/lib/*`];
const JAVA = `${HOME}/java/bin/java`;
const PATIENCE = 180_000;
const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/;

/**
 * Somebody else's OpenSearch: one node with its security plugin, which speaks TLS and nothing else, and asks everybody for
 * a password. Its administrator is known to its own machine alone.
 */
export class OpenSearchServer {
  /** Lays it out on a machine that is on, starts it and waits until it answers. */
  public static async start(props: OpenSearchServerProps): Promise<OpenSearchServer> {
    const server = new OpenSearchServer(props);
    await server.layOut();
    await server.resume();
    return server;
  }

  /** Of its administrator, on its own machine. */
  public readonly administrator: OpenSearchClient;
  private readonly password = newPassword();

  private constructor(private readonly props: OpenSearchServerProps) {
    this.administrator = new OpenSearchClient(
      { host: props.machine, java: JAVA, classPath: CLASS_PATH, user: USER },
      {
        url: `https://${OPENSEARCH_HOST}:${OPENSEARCH_PORT}`,
        ...{ authorities: `${CONFIG}/tls/authority.pem`, credentials: `${CONFIG}/administrator.properties` },
      },
    );
  }

  /** Stops it: nobody listens on its port. */
  public async stop(): Promise<void> {
    await this.props.machine.run(["systemctl", "stop", UNIT], { timeout: PATIENCE });
  }

  /** Starts it again, and waits until it answers. */
  public async resume(): Promise<void> {
    const { machine } = this.props;
    await machine.run(["systemctl", "start", UNIT]);
    // One node holds no second copy of a shard: what its indices say of it is never green.
    const path = "/_cluster/health?wait_for_status=yellow&timeout=1s";
    const answers = async () => {
      const [{ status }] = await this.administrator.ask({ method: "GET", path });
      return status === 200;
    };
    try {
      await waitFor(answers, { timeout: PATIENCE, what: `OpenSearch on ${machine.name}`, interval: 1000 });
    } catch (error) {
      const { stdout } = await machine.exec(["journalctl", "--no-pager", "-n", "60", "-u", UNIT]);
      throw new Error(`${(error as Error).message}\n${stdout}`, { cause: error });
    }
  }

  /** Starts it anew with a certificate that another authority signed; its administrator knows that one. */
  public async showCertificate(certificate: KeyAndCertificate, authority: string): Promise<void> {
    await this.stop();
    this.write(tlsFiles(certificate, authority));
    await this.resume();
  }

  /** Lines of its log about what no role allows, and about who could not come in. */
  public async refusals(): Promise<string[]> {
    const log = await this.props.machine.run(["journalctl", "--no-pager", "-o", "cat", "-u", UNIT]);
    return log
      .split("\n")
      .filter((line) => /No (?:index|cluster)-level perm match|Authentication finally failed/.test(line));
  }

  private async layOut(): Promise<void> {
    const { machine, software, certificate, authority, flinkVersion } = this.props;
    const home = path.join(machine.root, HOME);
    await unpackPart(releaseSoftware(flinkVersion).java, path.join(home, "java"));
    cpSync(software.lib, path.join(home, "lib"), { recursive: true });
    cpSync(software.program, path.join(home, "program"), { recursive: true });
    await machine.run(["useradd", "--system", "--no-create-home", USER]);
    this.write({
      ...configurationFiles(DATA, await this.hashOf(this.password)),
      ...tlsFiles(certificate, authority),
      "administrator.properties": propertiesFile({ username: ADMINISTRATOR, password: this.password }),
    });
    writeFileSync(path.join(machine.root, "etc/systemd/system", UNIT), UNIT_FILE);
    await machine.run(["install", "-d", "-o", USER, "-g", USER, "-m", "0700", DATA]);
    await machine.run(["chown", "-R", `${USER}:${USER}`, CONFIG]);
    await machine.run(["chmod", "-R", "u=rwX,go=", CONFIG]);
    await machine.run(["systemctl", "daemon-reload"]);
  }

  /** Files by their paths below the folder of its configuration. */
  private write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.props.machine.root, CONFIG, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  /** By the plugin's own tool, which reads the password from its environment. */
  private async hashOf(password: string): Promise<string> {
    const tool = `exec ${JAVA} -Xmx128m -cp '${CLASS_PATH.join(":")}' org.opensearch.security.tools.Hasher -env PASSWORD`;
    const said = await this.props.machine.run(["sh", "-c", `IFS= read -r PASSWORD && export PASSWORD && ${tool}`], {
      ...{ input: `${password}\n`, user: USER, timeout: PATIENCE },
    });
    const [hash] = HASH.exec(said) ?? [];
    if (hash === undefined) throw new Error(`the security plugin's tool gave no hash:\n${said}`);
    return hash;
  }
}

function tlsFiles({ certificate, key }: KeyAndCertificate, authority: string): Record<string, string> {
  return { "tls/server.pem": certificate, "tls/server.key": key, "tls/authority.pem": authority };
}

const UNIT_FILE = `[Unit]
Description=OpenSearch

[Service]
User=${USER}
ExecStart=${JAVA} -Xms512m -Xmx512m -Dlog4j2.configurationFile=${CONFIG}/log4j2.properties -Dlog4j2.disable.jmx=true -cp ${CLASS_PATH.join(":")} SearchServer ${HOME}
SuccessExitStatus=143

[Install]
WantedBy=multi-user.target
`;
