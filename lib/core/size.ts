import { refuse } from "./validation";

/** An amount of bytes: at least 0, whole, at most 64 TiB. */
export class Size {
  /** `amount` bytes. */
  public static bytes(amount: number): Size {
    return new Size(amount, 1, "bytes");
  }

  /** `amount` times 1024 bytes. */
  public static kibibytes(amount: number): Size {
    return new Size(amount, 1024, "kibibytes");
  }

  /** `amount` times 1024 KiB. */
  public static mebibytes(amount: number): Size {
    return new Size(amount, 1024 ** 2, "mebibytes");
  }

  /** `amount` times 1024 MiB. */
  public static gibibytes(amount: number): Size {
    return new Size(amount, 1024 ** 3, "gibibytes");
  }

  private readonly amountOfBytes: number;

  private constructor(amount: number, unit: number, name: string) {
    const bytes = typeof amount === "number" ? amount * unit : NaN;
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > 64 * 1024 ** 4) {
      refuse({
        property: `Size.${name}`,
        value: amount,
        allowed: "a number from 0 bytes to 64 TiB that is a whole number of bytes",
        remedy: "give a plain number in that range",
      });
    }
    this.amountOfBytes = bytes;
  }

  /** This amount in bytes. */
  public toBytes(): number {
    return this.amountOfBytes;
  }

  /** This amount in MiB, with a fraction where it has one. */
  public toMebibytes(): number {
    return this.amountOfBytes / 1024 ** 2;
  }

  /** This amount in GiB, with a fraction where it has one. */
  public toGibibytes(): number {
    return this.amountOfBytes / 1024 ** 3;
  }

  /** For people: the largest unit that gives a whole number, such as `10 MiB`. */
  public toString(): string {
    for (const [unit, bytes] of [
      ["TiB", 1024 ** 4],
      ["GiB", 1024 ** 3],
      ["MiB", 1024 ** 2],
      ["KiB", 1024],
    ] as const) {
      if (this.amountOfBytes > 0 && this.amountOfBytes % bytes === 0) return `${this.amountOfBytes / bytes} ${unit}`;
    }
    return `${this.amountOfBytes} bytes`;
  }
}
