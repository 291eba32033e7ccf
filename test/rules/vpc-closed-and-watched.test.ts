import { only, resources, testRule } from "./test-rule";
import { vpcClosedAndWatched } from "./vpc-closed-and-watched";

const vpc_id = "${aws_vpc.it.id}";
const vpc = { aws_vpc: { it: {} } };
const closed = { aws_default_security_group: { its: { vpc_id } } };
const watched = { aws_flow_log: { its: { vpc_id, traffic_type: "ALL" } } };

testRule(vpcClosedAndWatched, {
  compliant: { "a VPC that is both": resources({ ...vpc, ...closed, ...watched }) },
  nonCompliant: {
    "a VPC with an open default group": resources({ ...vpc, ...watched }),
    "a VPC without a flow log": resources({ ...vpc, ...closed }),
    "a log of what was rejected": resources({
      ...vpc,
      ...closed,
      aws_flow_log: { its: { vpc_id, traffic_type: "REJECT" } },
    }),
    "the log of another VPC": resources({
      ...vpc,
      ...closed,
      aws_flow_log: { its: { vpc_id: "${aws_vpc.other.id}", traffic_type: "ALL" } },
    }),
    "the default VPC": only("aws_default_vpc", {}),
  },
});
