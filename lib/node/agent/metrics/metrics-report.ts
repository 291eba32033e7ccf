import type { MetricsReport } from "../../report";
import type { Reporter } from "../reporter";
import { ShippingReportOf } from "../shipping/shipping-report";

/** What the report of the node says of its metrics. */
export class MetricsShippingReport extends ShippingReportOf<MetricsReport> {
  public constructor(reporter: Pick<Reporter, "setMetrics">) {
    super("metrics", { written: 0, lost: 0, waiting: 0 }, (metrics) => reporter.setMetrics(metrics));
  }
}
