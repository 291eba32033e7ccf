import { JavaPlace, JavaProgram } from "../others/java-program";

/** Commands to Kafka from a machine; see `KafkaProgram` for what there are. */
export class KafkaClient extends JavaProgram {
  /** @param properties path of a file on that machine with the properties of a client of Kafka */
  public constructor(place: JavaPlace, properties: string) {
    super(place, "KafkaProgram", [properties]);
  }
}
