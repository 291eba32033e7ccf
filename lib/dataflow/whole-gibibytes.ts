import { Size } from "../core/size";
import { refuse } from "../core/validation";
import { requireSize } from "../settings/ranges";

/** A size in GiB, as services of AWS take it; refuses what is out of the range or no whole number of them. */
export function wholeGibibytes(property: string, size: Size, least: Size, most: Size): number {
  requireSize(property, size, least, most);
  const amount = size.toGibibytes();
  if (Number.isInteger(amount)) return amount;
  refuse({
    property,
    value: size,
    allowed: "a whole number of GiB",
    remedy: `use for example Size.gibibytes(${Math.ceil(amount)})`,
  });
}
