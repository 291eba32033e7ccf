import { loginOf, NO_HALF_CHARACTERS, noControlCharacters } from "./login";

/**
 * A line is `key=value` there, with nothing by which a value could be quoted: what follows the first `=` is the value,
 * but for blanks at the end of the line, which PostgreSQL's JDBC driver and libpq take away.
 */
const LIMITS = [
  noControlCharacters("PostgreSQL"),
  NO_HALF_CHARACTERS,
  { found: / $/, why: "ends with a blank, which is lost on the way to PostgreSQL" },
];

/**
 * What stands of a connection in the file of PostgreSQL's services: as whom its jobs call, under its own name. Where the
 * server is, and how it must show itself, is for the client's URL to say. Fails with one sentence without a full stop,
 * which says nothing of what the secret holds.
 *
 * @see https://www.postgresql.org/docs/current/libpq-pgservice.html
 */
export function postgreSqlService(connection: string, secretArn: string, secret: string): string {
  const { username, password } = loginOf(secret, LIMITS);
  return [`#${secretArn}`, `[${connection}]`, `user=${username}`, `password=${password}`, ""].join("\n");
}

/** The services of a file that is made of them, by name. Of all their lines the first one alone begins with `#`. */
export function postgreSqlServices(text: string): ReadonlyMap<string, string> {
  const services = text.split(/(?<=\n)(?=#)/);
  return new Map(
    services.flatMap((service) => {
      const name = /^#[^\n]*\n\[([^\n]*)\]\n/.exec(service)?.[1];
      return name === undefined ? [] : [[name, service] as const];
    }),
  );
}
