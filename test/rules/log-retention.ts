import { each, Rule } from "./rule";

const LEAST_DAYS = 365;

/** Every log group says how long it keeps, and that is a year or more (FSBP CloudWatch.16). */
export const logRetention: Rule = {
  name: "log-retention",
  *problems(stack) {
    for (const [address, { retention_in_days }] of each(stack, "aws_cloudwatch_log_group")) {
      if (!(Number(retention_in_days) >= LEAST_DAYS))
        yield [address, `keeps less than ${LEAST_DAYS} days, or for ever`];
    }
  },
};
