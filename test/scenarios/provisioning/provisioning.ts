import { mkdirSync, readFileSync } from "fs";
import * as path from "path";
import type { ProvisioningReport } from "../../../lib/dataflow/provisioning/function/report";
import type { Lab } from "../../lab/lab";
import { Terraform, PlannedAction } from "../../support/terraform";
import { Order, ProvisioningStack, synthesizeProvisioning } from "./provisioning-stacks";

/** Outputs of the stack of the database. */
export interface ServicesOutput {
  readonly host: string;
  readonly port: number;
  readonly masterSecretArn: string;
  /** JSON: what the function answered. */
  readonly report?: string;
}

/** What the state holds of the function and of its last call. */
export interface AppliedFunction {
  readonly name: string;
  readonly roleName: string;
  /** As the account tells it: of the archive that was uploaded. */
  readonly programHash: string;
  readonly securityGroupIds: readonly string[];
  /** What the deploy called it with. */
  readonly input: string;
}

interface Resource {
  readonly type: string;
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A database of our own and what its deploy orders, applied in a lab by plain Terraform. */
export class Provisioning {
  private readonly folder: string;
  private readonly terraforms = new Map<ProvisioningStack, Terraform>();

  public constructor(private readonly lab: Lab) {
    this.folder = path.join(lab.folder, "deployment", "cdktf.out");
  }

  /** Another program: nothing is applied of it yet. */
  public write(order: Order): void {
    const authority = readFileSync(this.lab.authorityFile, "utf8");
    mkdirSync(this.folder, { recursive: true });
    synthesizeProvisioning(this.folder, { region: this.lab.region, authority, order });
  }

  /** Gives the seconds that it took. */
  public async apply(stack: ProvisioningStack, ...options: readonly string[]): Promise<number> {
    const terraform = await this.terraform(stack);
    await terraform.apply({ arguments: options });
    await this.lab.settled();
    return terraform.timing.apply;
  }

  /** Has the function called again, as docs/postgresql.md says it. */
  public async applyAgain(): Promise<void> {
    const { address } = await this.invocation();
    await this.apply("services", `-replace=${address}`);
  }

  public async planned(stack: ProvisioningStack): Promise<Record<string, PlannedAction>> {
    return (await this.terraform(stack)).planActions();
  }

  public async output(): Promise<ServicesOutput> {
    return (await this.terraform("services")).output<ServicesOutput>();
  }

  /** What the last call of the function told, as the output has it. */
  public async report(): Promise<ProvisioningReport> {
    return JSON.parse((await this.output()).report!) as ProvisioningReport;
  }

  public async function(): Promise<AppliedFunction> {
    const resources = await this.resources();
    const { values } = resources.find(({ type }) => type === "aws_lambda_function")!;
    const [network] = values.vpc_config as { readonly security_group_ids: string[] }[];
    return {
      name: values.function_name as string,
      roleName: (values.role as string).split("/").pop()!,
      programHash: values.source_code_hash as string,
      securityGroupIds: network.security_group_ids,
      input: (await this.invocation()).values.input as string,
    };
  }

  /** ARN of the secret of a user that the deploy makes. */
  public async secretOf(user: string): Promise<string> {
    const secrets = (await this.resources()).filter(({ type }) => type === "aws_secretsmanager_secret");
    const found = secrets.find(({ address }) => address.includes(`_user-${user}_`));
    if (!found)
      throw new Error(`there is no secret of ${user} among ${secrets.map(({ address }) => address).join(", ")}`);
    return found.values.arn as string;
  }

  /** Everything that Terraform keeps, as text. */
  public async state(): Promise<string> {
    return JSON.stringify(await (await this.terraform("services")).show());
  }

  private async invocation(): Promise<Resource> {
    return (await this.resources()).find(({ type }) => type === "aws_lambda_invocation")!;
  }

  private async resources(): Promise<readonly Resource[]> {
    const state = (await (await this.terraform("services")).show()) as {
      readonly values: { readonly root_module: { readonly resources: readonly Resource[] } };
    };
    return state.values.root_module.resources;
  }

  private async terraform(stack: ProvisioningStack): Promise<Terraform> {
    const known = this.terraforms.get(stack) ?? (await this.lab.terraform(path.join(this.folder, "stacks", stack)));
    this.terraforms.set(stack, known);
    return known;
  }
}
