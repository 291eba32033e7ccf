import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { connectorPartName } from "../../../lib/software/connectors";
import { readLockFile } from "../../../lib/software/lock-file";
import { PartFetcher } from "../../../lib/software/part-fetcher";
import { PartStore } from "../../../lib/software/part-store";
import { NO_PROGRESS } from "../../../lib/software/progress";

const LOCK_FILE = path.resolve(__dirname, "..", "..", "..", "cdktf-flink.lock.json");

/** What the driver makes of a URL and of the service that the URL names. */
export interface DriverReading {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
}

/** In the order in which the program tells of them, each in Base64, as they may hold anything. */
const PROPERTIES = ["user", "password", "PGHOST", "PGPORT", "PGDBNAME"];
const PROGRAM = `
  import java.nio.charset.StandardCharsets; import java.util.*; import org.postgresql.Driver;
  class Read { public static void main(String[] urls) {
    for (String url : urls) {
      Properties found = Driver.parseURL(url, null);
      if (found == null) { System.out.println("refused"); continue; }
      StringJoiner line = new StringJoiner(" ");
      for (String name : "${PROPERTIES.join(" ")}".split(" "))
        line.add(Base64.getEncoder().encodeToString(found.getProperty(name, "").getBytes(StandardCharsets.UTF_8)));
      System.out.println(line);
    } } }`;

/** PostgreSQL's JDBC driver, as nodes have it beside Flink's connector. */
export class PostgreSqlDriver {
  /** In a folder of the test's; downloaded where the cache has none. */
  public static async unpackInto(folder: string): Promise<PostgreSqlDriver> {
    const name = connectorPartName("jdbc-postgresql");
    const part = readLockFile(LOCK_FILE)?.origins["package-registries"]?.parts.find((each) => each.name === name);
    if (!part) throw new Error(`${LOCK_FILE} has no ${name}: run cdktf-flink fetch --connector jdbc-postgresql`);
    const store = new PartStore();
    await new PartFetcher("package-registries", { store, progress: NO_PROGRESS }).fetchAll([part]);
    execFileSync("tar", ["-xzf", store.path(part), "--strip-components=1", "-C", folder]);
    const program = path.join(folder, "Read.java");
    fs.writeFileSync(program, PROGRAM);
    return new PostgreSqlDriver(path.join(folder, "lib", "*"), program);
  }

  private constructor(
    private readonly classPath: string,
    private readonly program: string,
  ) {}

  /** Nothing for a URL that the driver refuses, as it does where it does not find the service. */
  public read(servicesFile: string, urls: readonly string[]): (DriverReading | undefined)[] {
    const text = execFileSync("java", ["-cp", this.classPath, this.program, ...urls], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, PGSERVICEFILE: servicesFile },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text.trimEnd().split("\n").map(reading);
  }
}

function reading(line: string): DriverReading | undefined {
  if (line === "refused") return undefined;
  const [user, password, host, port, database] = line.split(" ").map((text) => Buffer.from(text, "base64").toString());
  return { user, password, host, port, database };
}
