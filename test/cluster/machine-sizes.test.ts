import { InstanceType, Size } from "../../lib";
import { findings } from "../rules/findings";
import { type Block, synthesize, type Synthesized } from "../support/synth";
import { cluster } from "./support";

const sizes = (synthesized: Synthesized, which: "Larger" | "Smaller"): Block =>
  synthesized.named("terraform_data", `flink_MachineSizes_${which}`);
const programOf = (block: Block): Block => (block.provisioner as { "local-exec": Block }[])[0]["local-exec"];

describe("sizes of machines and volumes", () => {
  const synthesized = synthesize((stack) =>
    cluster(stack, { instanceType: InstanceType.M7I_XLARGE, dataVolumeSize: Size.gibibytes(50), nodeCount: 2 }),
  );
  const [one, two] = Object.keys(synthesized.resources("aws_instance"));
  const [volumeOne, volumeTwo] = Object.keys(synthesized.resources("aws_ebs_volume"));

  test("nothing is run where all have what the program says", () => {
    const { command, environment } = programOf(sizes(synthesized, "Larger"));
    expect(command).toMatch(
      /^\[ "\$IS" = "\$SHALL" \] \|\| node "\$CLI" resize-machines --only larger --data-volume-gib 50 /,
    );
    expect(environment).toMatchObject({
      IS: [
        `\${aws_instance.${one}.instance_type} \${aws_instance.${one}.instance_state} \${aws_ebs_volume.${volumeOne}.size}`,
        `\${aws_instance.${two}.instance_type} \${aws_instance.${two}.instance_state} \${aws_ebs_volume.${volumeTwo}.size}`,
      ].join(),
      SHALL: "m7i.xlarge running 50,m7i.xlarge running 50",
      MACHINES: [
        `orders-node-1=\${aws_instance.${one}.id}=\${aws_ebs_volume.${volumeOne}.id}`,
        `orders-node-2=\${aws_instance.${two}.id}=\${aws_ebs_volume.${volumeTwo}.id}`,
      ].join(),
      ...{ CLUSTER: "orders", BUCKET: "some-checkpoints", INSTANCE_TYPE: "m7i.xlarge" },
    });
    expect(programOf(sizes(synthesized, "Smaller")).environment).toMatchObject({
      IS: `\${aws_instance.${one}.instance_type} \${aws_instance.${one}.instance_state},\${aws_instance.${two}.instance_type} \${aws_instance.${two}.instance_state}`,
      SHALL: "m7i.xlarge running,m7i.xlarge running",
    });
  });

  test("larger ones come before the desired state, which is made for them, and smaller ones after it", () => {
    const state = synthesized.single("aws_s3_object");
    const larger = Object.keys(synthesized.resources("terraform_data")).find((id) => id.includes("_Larger_"));
    expect(state.depends_on).toContain(`terraform_data.${larger}`);
    expect(sizes(synthesized, "Smaller").depends_on).toEqual([
      `aws_s3_object.${Object.keys(synthesized.resources("aws_s3_object"))[0]}`,
    ]);
    expect(sizes(synthesized, "Larger").depends_on).toBeUndefined();
  });

  test("another size, and nothing else, runs it again", () => {
    expect(sizes(synthesized, "Larger").triggers_replace).toEqual({
      ...{ cluster: "orders", instance_type: "m7i.xlarge", data_volume_gib: "50" },
    });
    expect(sizes(synthesized, "Smaller").triggers_replace).toEqual({ cluster: "orders", instance_type: "m7i.xlarge" });
  });

  test("a volume that would shrink is refused in the plan, with the numbers", () => {
    const [precondition] = (sizes(synthesized, "Larger").lifecycle as { precondition: Block[] }).precondition;
    expect(precondition.condition).toBe(
      `\${(max(tonumber(aws_ebs_volume.${volumeOne}.size), tonumber(aws_ebs_volume.${volumeTwo}.size)) <= 50)}`,
    );
    expect(precondition.error_message).toBe(
      `dataVolumeSize of orders is 50 GiB, and its data volumes have \${join(", ", distinct([aws_ebs_volume.${volumeOne}.size, aws_ebs_volume.${volumeTwo}.size]))} GiB: a volume can grow and never shrink. Set dataVolumeSize to what they have, or to more.`,
    );
  });

  test("no rule is broken by it", () => {
    expect(findings(synthesized).filter((finding) => finding.includes("MachineSizes"))).toEqual([]);
  });
});
