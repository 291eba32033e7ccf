import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What becomes of a request. */
export type Verdict =
  | { readonly kind: "in"; readonly path: string }
  /** It has shown the key: from now on the cookie lets it in. */
  | { readonly kind: "welcome"; readonly cookie: string }
  | { readonly kind: "out"; readonly why: string };

/** Enough that nobody guesses one. */
const SECRET_BYTES = 32;
const COOKIE = "cdktf_flink_ui";

/**
 * Lets in one browser, and neither other users of this machine nor pages of strangers. The address holds a key that works
 * once, for which the browser gets a cookie. Browsers show a cookie to every port of a host, on which others may listen: so
 * all lies below a path that nobody else knows, to which the cookie is bound.
 */
export class DoorKeeper {
  /** Path below which all lies, with `/` at both ends. */
  public readonly folder = `/${secret()}/`;
  private readonly cookie = secret();
  private key?: string;

  /**
   * @param port of loopback on which it is
   */
  public constructor(private readonly port: number) {}

  /** The address to begin with; it works once, and the next one is another. */
  public get address(): string {
    this.key ??= secret();
    return `${this.origin}${this.folder}?key=${this.key}`;
  }

  public get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Judges a request by what its head says. */
  public judge({ method, url = "", headers }: IncomingMessage): Verdict {
    // A name that leads here, such as one of a stranger's page, is not ours (DNS rebinding).
    if (headers.host !== new URL(this.origin).host) return out("another host was asked for");
    if (!url.startsWith(this.folder)) return out("there is nothing at this path");
    const { origin } = headers;
    if (origin !== undefined && origin !== this.origin) return out("a page of another origin asks");
    const path = url.slice(this.folder.length - 1);
    const given = /^\/\?key=([\w-]+)$/.exec(path)?.[1];
    if (given !== undefined && method === "GET") return this.welcome(given);
    const site = headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none") return out("a page of another origin asks");
    if (!isSame(cookieOf(headers.cookie), this.cookie)) return out("open the address that the command printed");
    return { kind: "in", path };
  }

  private welcome(given: string): Verdict {
    if (this.key === undefined || !isSame(given, this.key)) {
      return out("this address has been opened already: if that was not you, end the command, and start it anew");
    }
    this.key = undefined;
    return { kind: "welcome", cookie: `${COOKIE}=${this.cookie}; Path=${this.folder}; HttpOnly; SameSite=Strict` };
  }
}

function out(why: string): Verdict {
  return { kind: "out", why };
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

function cookieOf(header = ""): string {
  const found = header.split(";").find((each) => each.trim().startsWith(`${COOKIE}=`));
  return found?.trim().slice(COOKIE.length + 1) ?? "";
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
