import { readFileSync } from "node:fs";
import path from "node:path";
import { allPorts } from "../../lib/node/ports";
import { GENERATED_PAGES } from "../../scripts/docs/pages";

/** Cells without the padding that the formatter gives to tables. */
function unpadded(page: string): string {
  return page.replaceAll(/ +\|/g, " |").replaceAll(/\| -+ (?=\|)/g, "| --- ");
}

test.each(GENERATED_PAGES.map(({ file, render }) => [file, render]))(
  "%s is what the code says: run `make docs`",
  (file, render) => {
    const committed = readFileSync(path.join(__dirname, "../..", file), "utf8");
    expect(unpadded(committed)).toBe(unpadded(render()));
  },
);

test("the page of ports names each port once", () => {
  const page = readFileSync(path.join(__dirname, "../../docs/ports.md"), "utf8");
  for (const { port, name } of allPorts()) {
    expect(page.split("\n").filter((line) => line.startsWith(`| ${port} `) && line.includes(` ${name} `))).toHaveLength(
      1,
    );
  }
});
