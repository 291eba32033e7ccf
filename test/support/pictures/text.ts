import { Font, openSync } from "fontkit";

/** As a package of fonts brings it: a picture looks the same on every machine. Its digits are all of one width. */
export const FONT_FAMILY = "Roboto";
export const FONT_FILES = {
  regular: require.resolve("@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf"),
  bold: require.resolve("@expo-google-fonts/roboto/700Bold/Roboto_700Bold.ttf"),
};

export interface TextStyle {
  /** In pixels. */
  readonly size: number;
  readonly bold?: boolean;
}

const fonts = new Map<string, Font>();

/** In pixels. */
export function widthOf(text: string, { size, bold = false }: TextStyle): number {
  const font = fontOf(bold ? FONT_FILES.bold : FONT_FILES.regular);
  return (font.layout(text).advanceWidth / font.unitsPerEm) * size;
}

/** A text as it is, or as much of it as there is room for: of names of classes the last parts, of others the begin. */
export function shortened(text: string, width: number, style: TextStyle): string {
  if (widthOf(text, style) <= width) return text;
  const isName = /^[\w$]+(?:\.[\w$]+){2,}$/.test(text);
  const cut = (length: number) =>
    isName ? `…${wholeParts(text.slice(-length))}` : `${text.slice(0, length).trimEnd()}…`;
  let [fits, tooLong] = [1, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (widthOf(cut(middle), style) <= width) fits = middle;
    else tooLong = middle;
  }
  return cut(fits);
}

/** The end of a name from its first dot on, if it has any. */
function wholeParts(end: string): string {
  return end.slice(end.indexOf(".") + 1);
}

/** A text on as few lines as it needs, but so many at most. */
export function wrapped(text: string, width: number, style: TextStyle, mostLines: number): string[] {
  const lines: string[] = [];
  for (let words = text.split(" "); words.length > 0;) {
    const isLast = lines.length === mostLines - 1;
    let count = words.length;
    while (!isLast && count > 1 && widthOf(words.slice(0, count).join(" "), style) > width) count -= 1;
    lines.push(shortened(words.slice(0, count).join(" "), width, style));
    words = words.slice(count);
  }
  return lines;
}

function fontOf(file: string): Font {
  const known = fonts.get(file);
  if (known) return known;
  const font = openSync(file) as Font;
  fonts.set(file, font);
  return font;
}
