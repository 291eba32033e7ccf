import { FONT_FAMILY, TextStyle } from "./text";

type Attributes = Readonly<Record<string, number | string>>;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** An element of SVG, with elements within it. */
export function element(name: string, attributes: Attributes, ...within: readonly string[]): string {
  const told = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(exact(value))}"`);
  return within.length === 0 ? `<${name}${told.join("")}/>` : `<${name}${told.join("")}>${within.join("")}</${name}>`;
}

/** A line of text, on its base line. */
export function textAt(
  content: string,
  place: { readonly x: number; readonly y: number; readonly anchor?: "end" | "middle" | "start" },
  { size, bold = false, colour }: TextStyle & { readonly colour: string },
): string {
  const { x, y, anchor = "start" } = place;
  return element(
    "text",
    {
      ...{ x, y, fill: colour, "text-anchor": anchor, "xml:space": "preserve" },
      ...{ "font-family": FONT_FAMILY, "font-size": size, "font-weight": bold ? 700 : 400 },
    },
    escaped(content),
  );
}

/** What was drawn as if it stood in the upper left corner, moved. */
export function moved(x: number, y: number, ...within: readonly string[]): string {
  return element("g", { transform: `translate(${exact(x)} ${exact(y)})` }, ...within);
}

/** Characters that XML does not know become those that show that there was one. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]).replace(/[\p{Cc}\p{Cs}]/gu, "\ufffd");
}

function exact(value: number | string): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}
