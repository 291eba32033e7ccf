import { synthesize } from "../support/synth";
import { cluster, desiredState } from "./support";

const IMAGE = "ami-0123456789abcdef0";

test("the image stands beside the desired state, and not in it: no node has anything to take over for it", () => {
  const named = synthesize((stack) => cluster(stack, { imageId: IMAGE }));
  expect(named.single("aws_s3_object").metadata).toEqual({ "image-id": IMAGE });
  expect(JSON.stringify(desiredState(named))).not.toContain(IMAGE);
  const newest = synthesize((stack) => cluster(stack));
  const [machine] = newest.all("aws_instance");
  expect(newest.single("aws_s3_object").metadata).toEqual({ "image-id": machine.ami });
  expect(machine.ami).toMatch(/^\$\{data\.aws_ami\./);
});
