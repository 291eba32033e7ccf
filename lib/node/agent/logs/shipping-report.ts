import type { LogsReport } from "../../report";
import type { Reporter } from "../reporter";
import { ShippingReportOf } from "../shipping/shipping-report";

/** What the report of the node says of its logs. */
export class ShippingReport extends ShippingReportOf<LogsReport> {
  public constructor(reporter: Pick<Reporter, "setLogs">) {
    super("logs", { delivered: 0, lost: 0, rejected: 0 }, (logs) => reporter.setLogs(logs));
  }
}
