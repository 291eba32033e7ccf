package io.github.cdktf_flink.opensearch;

/** One sentence for a value that is refused: what it is, what is allowed, and how to mend it. */
final class Refusal {
  private static final int LONGEST_SHOWN_VALUE = 120;

  private Refusal() {}

  static IllegalArgumentException of(String property, String value, String allowed, String remedy) {
    return new IllegalArgumentException(
        String.format("%s is %s, but must be %s: %s", property, show(value), allowed, remedy));
  }

  /** Quoted, on one line, and never longer than a line. */
  static String show(String value) {
    if (value == null) return "null";
    String line = value.replaceAll("[\\s\\p{Cntrl}]+", " ");
    boolean isShort = line.codePointCount(0, line.length()) <= LONGEST_SHOWN_VALUE;
    return isShort
        ? "\"" + line + "\""
        : "\"" + line.substring(0, line.offsetByCodePoints(0, LONGEST_SHOWN_VALUE)) + "…\"";
  }
}
