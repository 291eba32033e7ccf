/** What may hold any sign without meaning it: comments, texts in quotes or between dollars, names in quotes. */
const OPAQUE =
  /--[^\n\r]*|\/\*[\s\S]*?\*\/|(?<![\w$])e'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])(\$(?:[a-z_]\w*)?\$)[\s\S]*?\1/gi;
const INNERMOST_BRACKETS = /\([^()[\]]*\)|\[[^()[\]]*\]/g;

/**
 * A statement's own words: each comment is a blank, each quoted text or name the word `quoted`, and what is in brackets is
 * left out. So a comma is one between parts of the statement, and a semicolon is its end.
 */
export function statementOutline(statement: string): string {
  let outline = statement.replace(OPAQUE, (part) => (/^(?:--|\/\*)/.test(part) ? " " : "quoted"));
  for (let before = ""; before !== outline;) {
    before = outline;
    outline = outline.replace(INNERMOST_BRACKETS, " ");
  }
  return outline.trim();
}
