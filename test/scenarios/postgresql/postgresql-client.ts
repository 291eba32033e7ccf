import { JavaPlace, JavaProgram } from "../others/java-program";

/** Where a client of PostgreSQL calls, and as whom. */
export interface PostgreSqlLogin {
  /** JDBC's, which names a service. */
  readonly url: string;
  /** Path of the file in which the service is, with user and password. */
  readonly services: string;
}

/** Statements to PostgreSQL from a machine, by the driver that jobs have. */
export class PostgreSqlClient extends JavaProgram {
  public constructor(place: JavaPlace, { url, services }: PostgreSqlLogin) {
    const javaOptions = [...(place.javaOptions ?? []), `-Dorg.postgresql.pgservicefile=${services}`];
    super({ ...place, javaOptions }, "PostgreSqlProgram", [url]);
  }
}

/** A text in a statement. */
export function quoted(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}
