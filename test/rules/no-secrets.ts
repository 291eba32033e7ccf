import { gunzipSync } from "node:zlib";
import { each, everything, Rule } from "./rule";

/** What is a secret wherever it stands. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, "an access key of AWS"],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./, "a JSON web token"],
  [/:\/\/[^\s:/@"']+:[^\s:/@"'$]+@/, "a password in a URL"],
];
/** What looks like one in a program: user data is one, and holds no value that is named so. */
const LOOKS_LIKE_SECRET: readonly (readonly [RegExp, string])[] = [
  [/(?:password|passwd|secret|token|api_?key|credential)\w*["']?\s*[:=]\s*["'][^"'\s]{6,}["']/i, "a literal secret"],
  [/^\s*(?:export\s+)?\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\w*=[^\s"'$]/m, "a variable with a secret"],
  [/(?<![\w/+=-])(?=[^\s]*[a-z])(?=[^\s]*[A-Z])(?=[^\s]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])/, "40 random characters"],
];

/** Nothing that is synthesized holds a secret, and user data nothing that looks like one. Messages never show it. */
export const noSecrets: Rule = {
  name: "no-secrets",
  *problems(stack) {
    for (const [address, block] of everything(stack)) {
      // As it is written and not as JSON escapes it.
      const text = textsIn(block).join("\n");
      for (const [pattern, what] of SECRETS) if (pattern.test(text)) yield [address, `holds ${what}`];
    }
    for (const [address, block] of each(stack, "aws_instance", "aws_launch_template")) {
      const program = textsIn([block.user_data, block.user_data_base64]).join("\n");
      for (const [pattern, what] of LOOKS_LIKE_SECRET) {
        if (pattern.test(program)) yield [address, `has user data with ${what}`];
      }
    }
  },
};

/** Every text, as it is and as what it encodes. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value, ...decoded(value)];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

/** What base64 stands for, and what is compressed within it, as cloud-init takes user data; nothing of other text. */
function decoded(text: string): string[] {
  if (!/^[A-Za-z0-9+/\n]{16,}={0,2}\n?$/.test(text)) return [];
  const bytes = Buffer.from(text, "base64");
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return [(isCompressed ? gunzipSync(bytes) : bytes).toString("latin1")];
}
