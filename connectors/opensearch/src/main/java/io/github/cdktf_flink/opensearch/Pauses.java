package io.github.cdktf_flink.opensearch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before each further try: twice as long as before, up to a bound, and never in step with others. */
final class Pauses {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  Pauses(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  void reset() {
    next = first;
  }

  Duration next() {
    Duration pause = next;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
    return Duration.ofMillis((long) (pause.toMillis() * (0.75 + ThreadLocalRandom.current().nextDouble() / 4)));
  }
}
