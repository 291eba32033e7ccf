package io.github.cdktf_flink.opensearch;

import java.util.regex.Pattern;

/** The name of one index: narrower than what OpenSearch takes, so that it stands in a path as it is. */
final class IndexName {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");

  private IndexName() {}

  static String require(String property, String name) {
    if (name != null && ALLOWED.matcher(name).matches()) return name;
    throw Refusal.of(
        property,
        name,
        "1 to 255 lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit",
        "choose such a name");
  }
}
