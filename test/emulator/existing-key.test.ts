import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateKeyCommand,
  CreateKeyCommandInput,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { TerraformLocal, TerraformStack } from "cdktf";
import { CheckpointBucket, Key } from "../../lib";
import { FixedForLife } from "../../lib/core/terraform/fixed-for-life";
import { Synthesized, synthesize } from "../support/synth";
import { EmulatorClients, REGION } from "./clients";
import { Workspace } from "./workspace";

const MINUTES = 60_000;

let workspace: Workspace;
let aws: EmulatorClients;

function write(build: (stack: TerraformStack) => void): Synthesized {
  const synthesized = synthesize(build);
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  return synthesized;
}

/** A program whose bucket is under the key given, or under one of its own. */
function writeBucket(keyArn?: string): Synthesized {
  return write((stack) => {
    const encryptionKey = keyArn === undefined ? undefined : Key.fromKeyAttributes(stack, "key", { keyArn });
    new CheckpointBucket(stack, "checkpoints", { encryptionKey });
  });
}

async function createKey(input: CreateKeyCommandInput = {}): Promise<string> {
  // The emulator gives a key no use by default, where AWS gives it this one.
  return (await aws.kms.send(new CreateKeyCommand({ KeyUsage: "ENCRYPT_DECRYPT", ...input }))).KeyMetadata!.Arn!;
}

/** The emulator disables and deletes no key by its ARN. */
const idOf = (keyArn: string): string => keyArn.split("/")[1];

/** ARN of a key that Terraform has made. */
async function madeKey(made: string): Promise<string> {
  type State = { values: { root_module: { resources: { address: string; values: { arn: string } }[] } } };
  const { values } = (await workspace.terraform.show()) as State;
  return values.root_module.resources.find(({ address }) => address === made)!.values.arn;
}

/** What Terraform says of a plan that it refuses, on one line. */
async function refusal(): Promise<string> {
  const error = await workspace.terraform.plan().then(
    () => new Error("the plan was made"),
    (failure: Error) => failure,
  );
  return error.message.replace(/[\s│]+/g, " ");
}

beforeAll(async () => {
  workspace = await Workspace.create();
  aws = new EmulatorClients(REGION, workspace.socketPath);
  writeBucket(await createKey());
  await workspace.terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  aws?.destroy();
  await workspace?.remove();
});

test(
  "the plan refuses each key that cannot serve, in a sentence that names it",
  async () => {
    const signing = await createKey({ KeyUsage: "SIGN_VERIFY", KeySpec: "RSA_2048" });
    const asymmetric = await createKey({ KeySpec: "RSA_2048" });
    const disabled = await createKey();
    await aws.kms.send(new DisableKeyCommand({ KeyId: idOf(disabled) }));
    const leaving = await createKey();
    await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId: idOf(leaving), PendingWindowInDays: 7 }));
    const foreign = (await createKey()).replace(/\d{12}/, "999999999999");
    const elsewhere = (await createKey()).replace(REGION, "eu-west-2");
    write((stack) => {
      [signing, asymmetric, disabled, leaving, foreign].forEach((keyArn, index) => {
        Key.fromKeyAttributes(stack, `key-${index}`, { keyArn });
      });
      // By a detour, so that synth does not know it.
      Key.fromKeyAttributes(stack, "elsewhere", { keyArn: new TerraformLocal(stack, "arn", elsewhere).asString });
    });
    const said = await refusal();
    for (const [keyArn, sentence] of [
      [signing, "is not symmetric or not for encryption"],
      [asymmetric, "is not symmetric or not for encryption"],
      [disabled, "is disabled or about to be deleted"],
      [leaving, "is disabled or about to be deleted"],
      [foreign, "is not of the account that this stack is deployed to"],
      [elsewhere, "is not of the region that this stack is deployed to"],
    ]) {
      expect(said).toContain(`The key ${keyArn} ${sentence}`);
    }
  },
  8 * MINUTES,
);

test(
  "a key that the same program makes is looked at in the apply, and leaves the next plan empty",
  async () => {
    const make = (customerMasterKeySpec?: string) =>
      write((stack) => {
        const { arn: keyArn } = new KmsKey(stack, "made", { deletionWindowInDays: 7, customerMasterKeySpec });
        const encryptionKey = Key.fromKeyAttributes(stack, "key", { keyArn });
        new FixedForLife(stack, "use", { values: { key: encryptionKey.keyArn }, isProtected: false });
      });
    make("RSA_2048");
    await expect(workspace.terraform.apply()).rejects.toThrow(/is\s+not\s+symmetric/);
    make();
    await workspace.terraform.apply();
    expect(await workspace.terraform.planActions()).toEqual({});
  },
  8 * MINUTES,
);

test(
  "a bucket's key stays: neither another one nor one of ours takes its place",
  async () => {
    const synthesized = writeBucket(await createKey());
    const [fixed] = Object.keys(synthesized.resources("terraform_data"));
    // The rest of the bucket plays no part, and takes a minute.
    await workspace.terraform.apply({ arguments: [`-target=terraform_data.${fixed}`] });
    for (const other of [await createKey(), undefined]) {
      writeBucket(other);
      expect(await refusal()).toMatch(new RegExp(`${fixed} .*prevent_destroy`));
    }
  },
  8 * MINUTES,
);

test(
  "a bucket's key of ours stays ours: the same ARN as one of your own is refused",
  async () => {
    const build = (keyArn?: string) =>
      write((stack) => {
        const encryptionKey = keyArn === undefined ? undefined : Key.fromKeyAttributes(stack, "key", { keyArn });
        new CheckpointBucket(stack, "own", { encryptionKey });
      });
    const synthesized = build();
    const [key] = Object.keys(synthesized.resources("aws_kms_key"));
    const held = Object.keys(synthesized.resources("terraform_data"));
    const made = [`aws_kms_key.${key}`, ...held.map((name) => `terraform_data.${name}`)];
    await workspace.terraform.apply({ arguments: made.map((address) => `-target=${address}`) });
    build(await madeKey(`aws_kms_key.${key}`));
    // The KMS key itself has left the program, and with it whatever its own lifecycle says.
    expect((await refusal()).match(/\S+ has lifecycle\.prevent_destroy set/g)).toEqual([
      expect.stringMatching(/^terraform_data\.own_KeyOwnerForLife_\w+ /),
    ]);
  },
  8 * MINUTES,
);
