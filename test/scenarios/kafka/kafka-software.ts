import { join } from "path";
import { ensureFromMaven, MavenSoftware } from "../others/maven-software";

/** Gives the jars of a Kafka broker, and the tests' own client of it, which needs those of any Kafka client. */
export function ensureKafka(): Promise<MavenSoftware> {
  const [pom, program] = ["pom.xml", "KafkaProgram.java"].map((file) => join(__dirname, file));
  return ensureFromMaven({ name: "kafka", pom, programs: [program] });
}
