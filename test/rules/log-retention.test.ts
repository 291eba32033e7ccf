import { logRetention } from "./log-retention";
import { only, testRule } from "./test-rule";

testRule(logRetention, {
  compliant: { "a year": only("aws_cloudwatch_log_group", { retention_in_days: 365 }) },
  nonCompliant: {
    "a month": only("aws_cloudwatch_log_group", { retention_in_days: 30 }),
    "for ever, because nothing is said": only("aws_cloudwatch_log_group", {}),
    "for ever, because 0 means that": only("aws_cloudwatch_log_group", { retention_in_days: 0 }),
  },
});
