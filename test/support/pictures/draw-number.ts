import type { Room } from "./chart";
import { COLOURS } from "./colours";
import { NumberContent, plainNumber } from "./picture";
import { textAt } from "./svg";
import { shortened } from "./text";

const NUMBER = { size: 40, bold: true };
const LABEL = { size: 14 };

/** One number in the middle, and below it what it is of. */
export function drawNumber({ value, label, format = plainNumber }: NumberContent, { width, height }: Room): string {
  const middle = { x: width / 2, anchor: "middle" } as const;
  return [
    textAt(format(value), { ...middle, y: height / 2 + 8 }, { ...NUMBER, colour: COLOURS.text }),
    textAt(shortened(label, width - 16, LABEL), { ...middle, y: height / 2 + 32 }, { ...LABEL, colour: COLOURS.quiet }),
  ].join("");
}
