/** Below this key jobs find parameters of their own; no process of Flink acts on them. */
export const HOSTILE_PREFIX = "pipeline.global-job-parameters";

/** Texts that a shell, a template, a parser or a locale could take for something else. */
const TEXTS: Readonly<Record<string, string>> = {
  empty: "",
  "double-quotes": 'say "hello"',
  "single-quotes": "it's '' '",
  backslashes: "C:\\new\\table \\u0041 \\\\ \\",
  "terraform-expression": "${x} ${aws_instance.node.id} ${jsonencode(1)}",
  "terraform-directive": "%{x} %{ if true }y%{ endif }",
  "terraform-escapes": "$${x} $$${x} %%{x} $$ %% $ %",
  shell: "$(touch /tmp/owned) `id` $HOME ; | & < > * ? ~ ! #",
  "systemd-specifiers": "%n %i %% %H",
  newlines: "one\ntwo\r\nthree\n",
  "lines-like-entries": "one\nrest.port: 1\n- two\n---\n...",
  tabs: "\ta\tb\t",
  "outer-spaces": "  both ends  ",
  comment: "# no comment # at all",
  colon: "key: value: more",
  "yaml-flow": "{a: [b, c]}, &anchor *alias !!tag |>",
  "yaml-null": "null",
  "yaml-number": "0.10",
  "yaml-boolean": "yes",
  json: '{"a": "b\\n"}',
  "non-ascii": "čeština, Ελληνικά, 漢字, עברית",
  emoji: "😀 👩‍👩‍👧",
  separators: "\u0085\u00a0\u2028\u2029\ufeff",
  escape: "\u001b[31mred\u001b[0m\u0007",
  "very-long": "0123456789abcdef".repeat(1000),
};

/** Every hostile text, each as a value of Flink's configuration. */
export const HOSTILE_CONFIGURATION: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(TEXTS).map(([name, text]) => [`${HOSTILE_PREFIX}.${name}`, text]),
);

/** What AWS takes in a tag and others could trip over. */
export const HOSTILE_TAGS: Readonly<Record<string, string>> = {
  "hostile:empty": "",
  "hostile:punctuation": " key: value _.:/=+-@ ",
  "hostile:letters": "čeština 漢字 ٣",
  "hostile:null": "null",
  "hostile:long": "x".repeat(256),
};

/** Set to 1 in the environment in which the stacks of the lab are synthesized, their cluster carries all of these. */
export const HOSTILE_STRINGS_VARIABLE = "LAB_HOSTILE_STRINGS";
