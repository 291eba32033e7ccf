import { Secret } from "./secret";

/** What is looked for: a piece of a secret in one of the forms that it may have been written in. */
export interface Needle {
  /** Index of the secret. */
  readonly secret: number;
  readonly form: string;
  readonly bytes: Buffer;
}

/** No needle is shorter: what is shorter is found by chance, and makes the search slow. */
export const SHORTEST_NEEDLE = 20;
/** Short enough that every line of PEM (64 characters) holds a whole piece, wherever the pieces begin. */
const PIECE = 24;
const HEX_PIECE = 32;
const BYTES_OF_COLON_PIECE = 8;

/**
 * All needles of all secrets. Pieces, so that a part of a secret is found as well, and one that is broken into lines.
 * A piece that two secrets have in common, such as the beginning of all session tokens, tells nothing and is left out.
 */
export function needlesOf(secrets: readonly Secret[]): Needle[] {
  const owners = new Map<string, Set<number>>();
  const all: Needle[] = [];
  secrets.forEach(({ name, parts }, secret) => {
    if (parts.length === 0) throw new Error(`${name}: there is nothing to look for`);
    for (const part of parts) {
      if (part.length < PIECE)
        throw new Error(`${name}: a part of it has less than ${PIECE} bytes, too few to tell it`);
      for (const [form, bytes] of formsOf(part)) {
        const key = bytes.toString("latin1");
        const known = owners.get(key) ?? new Set();
        if (!known.has(secret)) all.push({ secret, form, bytes });
        owners.set(key, known.add(secret));
      }
    }
  });
  const distinctive = all.filter(({ bytes }) => owners.get(bytes.toString("latin1"))?.size === 1);
  secrets.forEach(({ name }, secret) => {
    if (!distinctive.some((needle) => needle.secret === secret)) throw new Error(`${name}: another secret is the same`);
  });
  return distinctive;
}

function formsOf(part: Buffer): [form: string, bytes: Buffer][] {
  const texts: [string, string][] = [
    ...base64(part).flatMap((text): [string, string][] => [
      ["base64", text],
      ["base64url", text.replace(/\+/g, "-").replace(/\//g, "_")],
      ["base64, URL-encoded", encodeURIComponent(text)],
    ]),
    ...pieces(part.toString("hex"), HEX_PIECE).flatMap((text): [string, string][] => [
      ["hex", text],
      ["hex", text.toUpperCase()],
    ]),
    ...colonHex(part).flatMap((text): [string, string][] => [
      ["hex with colons", text],
      ["hex with colons", text.toUpperCase()],
    ]),
    ...(isText(part)
      ? pieces(part.toString("latin1"), PIECE).map((text): [string, string] => [
          "URL-encoded",
          encodeURIComponent(text),
        ])
      : []),
  ];
  return [
    ...pieces(part.toString("latin1"), PIECE).map((text): [string, Buffer] => [
      "verbatim",
      Buffer.from(text, "latin1"),
    ]),
    ...texts.map(([form, text]): [string, Buffer] => [form, Buffer.from(text, "latin1")]),
  ];
}

/** As it stands within the base64 of something longer: for each of the three places where it may begin. */
function base64(part: Buffer): string[] {
  return [0, 1, 2].flatMap((start) => {
    const rest = part.subarray(start);
    return pieces(rest.subarray(0, rest.length - (rest.length % 3)).toString("base64"), PIECE);
  });
}

function colonHex(part: Buffer): string[] {
  const bytes = [...part].map((byte) => byte.toString(16).padStart(2, "0"));
  const count = Math.floor(bytes.length / BYTES_OF_COLON_PIECE);
  return Array.from({ length: count }, (_, index) =>
    bytes.slice(index * BYTES_OF_COLON_PIECE, (index + 1) * BYTES_OF_COLON_PIECE).join(":"),
  );
}

/** One after the other, and the last ones: all of the text is in some piece. */
function pieces(text: string, length: number): string[] {
  const starts = [];
  for (let start = 0; start + length <= text.length; start += length) starts.push(start);
  if (text.length > length) starts.push(text.length - length);
  return starts.map((start) => text.slice(start, start + length));
}

function isText(part: Buffer): boolean {
  return part.every((byte) => byte >= 0x20 && byte < 0x7f);
}
