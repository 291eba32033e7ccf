import { IDENTITY_POLICIES, statementsOf } from "./policies";
import { listed, Rule } from "./rule";

/**
 * Actions that act on no resource, so that `*` is all that can be said (Service Authorization Reference, the tables
 * "Actions defined by"). One that is not here and has none either is added when a policy first needs it.
 */
const WITHOUT_RESOURCE = [
  "cloudwatch:PutMetricData",
  "ec2:DescribeInstances",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];
/** `*` by itself, or as the whole of what an ARN says of the resource: every one of a service. */
const EVERY_RESOURCE = /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*)$/;

/** What roles may do is named action by action and resource by resource, in policies of our own. */
export const iamLeastPrivilege: Rule = {
  name: "iam-least-privilege",
  *problems(stack) {
    for (const { address, title, statement } of statementsOf(stack, IDENTITY_POLICIES)) {
      if (statement.Effect !== "Allow") continue;
      const actions = listed(statement.Action);
      if (actions.length === 0 || statement.NotAction !== undefined) yield [address, `allows all but some (${title})`];
      for (const action of actions.filter((name) => name.includes("*"))) yield [address, `allows ${action} (${title})`];
      const resources = listed(statement.Resource);
      if (resources.length === 0) yield [address, `names no resource (${title})`];
      const restrictable = actions.filter((action) => !WITHOUT_RESOURCE.includes(action));
      if (resources.some((arn) => EVERY_RESOURCE.test(arn)) && restrictable.length > 0) {
        yield [address, `allows ${restrictable.join(", ")} on every resource (${title})`];
      }
    }
  },
};
