import { Resvg } from "@resvg/resvg-js";
import sharp from "sharp";
import { FONT_FAMILY, FONT_FILES } from "./text";

/** A difference of colour that is seen. Programs of other processors round otherwise, which is not. */
const SEEN = 32;

/** A picture of SVG as PNG, in few enough colours that it is small. */
export async function toPng(svg: string): Promise<Buffer> {
  const font = { loadSystemFonts: false, fontFiles: Object.values(FONT_FILES), defaultFontFamily: FONT_FAMILY };
  const drawn = new Resvg(svg, { font }).render().asPng();
  return sharp(drawn).png({ palette: true, dither: 0, compressionLevel: 9, effort: 10 }).toBuffer();
}

/** Whether two pictures look the same. */
export async function lookTheSame(one: Buffer, other: Buffer): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(dotsOf));
  return a.length === b.length && a.every((value, index) => Math.abs(value - b[index]) < SEEN);
}

function dotsOf(png: Buffer): Promise<Buffer> {
  return sharp(png).removeAlpha().raw().toBuffer();
}
