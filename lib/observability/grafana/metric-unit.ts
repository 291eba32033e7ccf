/** In what a panel shows its values; each is the name that Grafana has for it. */
export enum MetricUnit {
  /** A number of things, shortened where it is long: 1.2 K. */
  COUNT = "short",
  /** Things each second. */
  COUNT_PER_SECOND = "cps",
  /** Bytes, by 1024: KiB, MiB. */
  BYTES = "bytes",
  /** Bytes each second, by 1024. */
  BYTES_PER_SECOND = "binBps",
  /** Milliseconds, in the unit that fits. */
  MILLISECONDS = "ms",
  /** Seconds, in the unit that fits. */
  SECONDS = "s",
  /** Parts of one, shown as percent: 0.5 is 50 %. */
  PART_OF_ONE = "percentunit",
  /** Percent as it is: 50 is 50 %. */
  PERCENT = "percent",
  /** A moment in milliseconds since 1970, shown as how long ago it was. */
  TIME_AGO = "dateTimeFromNow",
}
