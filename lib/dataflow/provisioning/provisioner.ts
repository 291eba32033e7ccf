import { createHash } from "node:crypto";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import {
  AssetType,
  Fn,
  ITerraformDependable,
  TerraformAsset,
  TerraformLocal,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import { Construct } from "constructs";
import { nameTag } from "../../core/terraform/names";
import { Allowance } from "../../core/terraform/policy";
import { escapeTerraformText } from "../../core/terraform/text";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { ScopeRequirement } from "../scope";
import { ServiceLogs } from "../service-logs";
import { ORDER_VARIABLE } from "./function/order";
import { functionPackage } from "./function-package";
import { ProvisionerFirewall, SystemDoor } from "./provisioner-firewall";
import { ProvisionerRole } from "./provisioner-role";

export interface ProvisionerProps {
  /** Of this package's functions, such as `postgresql-provisioner`. */
  readonly program: string;
  /** Name of what it provides, unique among those of its program in an account and region. */
  readonly systemName: string;
  /** The same for people, such as `the database analytics`. */
  readonly system: string;
  readonly network: IFlinkNetwork;
  readonly door: SystemDoor;
  /** Short name of the service of AWS that it calls, such as `secretsmanager`; absent where it calls none. */
  readonly service?: string;
  readonly logRetentionDays: number;
  /** Left out: one for this log alone. */
  readonly logEncryptionKey?: IKey;
}

/** What is asked of a function, and what it needs for that. */
export interface ProvisioningOrder {
  /** Becomes its input, which is in the state: no secret may be in it. */
  readonly request: object;
  readonly allowances: readonly Allowance[];
  /** What Terraform must find true of values that it alone knows, before the function may anything. */
  readonly requirements?: readonly ScopeRequirement[];
}

const LONGEST_FUNCTION_NAME = 64;
const HASH_CHARACTERS = 8;
const TIMEOUT_SECONDS = 300;
const MEMORY_MIB = 256;
const NOTHING = "{}";

/**
 * Makes what lies in a system: a function in the network, which the deploy calls when what is asked for changes, or the
 * function itself. It is its own principal; it does what was ordered by the deploy and nothing else, whoever calls it, and reaches
 * the system and at most one service of AWS. Where it fails, the apply fails with its sentence. A destroy calls nothing, unless
 * that is asked for.
 */
export class Provisioner extends Construct {
  private readonly role: ProvisionerRole;
  private readonly ordered: TerraformLocal;
  private readonly lambda: LambdaFunction;
  private readonly invocation: LambdaInvocation;
  /** What the function does nothing without. */
  private readonly ways: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ProvisionerProps) {
    super(scope, id);
    const { program, system, network, door } = props;
    const name = functionName(program, props.systemName);
    const logs = new ServiceLogs(this, "Logs", {
      writer: `what the deploy makes in ${system}`,
      logGroups: { function: `/aws/lambda/${name}` },
      retentionDays: props.logRetentionDays,
      encryptionKey: props.logEncryptionKey,
    });
    this.role = new ProvisionerRole(this, "Role", { system, logGroupArn: logs.arnOf("function") });
    const firewall = new ProvisionerFirewall(this, "Firewall", {
      ...{ network, name, system, door, service: props.service },
      // By its role Lambda takes the network interfaces away again, for which the group waits when it goes.
      dependsOn: [this.role.policy],
    });
    this.ordered = new TerraformLocal(this, "Order", NOTHING);
    const code = functionPackage(program);
    this.lambda = new LambdaFunction(this, "Resource", {
      functionName: name,
      description: `The deploy makes what lies in ${system}`,
      role: this.role.roleArn,
      runtime: "nodejs22.x",
      handler: "index.handler",
      architectures: ["arm64"],
      filename: new TerraformAsset(this, "Program", { path: code.path, type: AssetType.FILE }).path,
      sourceCodeHash: code.hash,
      memorySize: MEMORY_MIB,
      timeout: TIMEOUT_SECONDS,
      vpcConfig: { subnetIds: network.subnetIds, securityGroupIds: [firewall.securityGroupId] },
      // Whoever may call it can ask it for nothing else than the deploy does.
      environment: { variables: { [ORDER_VARIABLE]: Fn.sha256(this.ordered.asString) } },
      // As whoever calls it is traced, and by itself not: that would need a way to another service.
      tracingConfig: { mode: "PassThrough" },
      loggingConfig: { logFormat: "JSON", logGroup: logs.nameOf("function") },
      tags: { Name: nameTag(this) },
      dependsOn: [this.role.policy],
    });
    this.ways = [...firewall.rules, this.role.policy, ...("reach" in door ? this.leadingElsewhere(network) : [])];
    this.invocation = new LambdaInvocation(this, "Invocation", {
      functionName: this.lambda.functionName,
      input: NOTHING,
      triggers: { code: this.lambda.sourceCodeHash },
      dependsOn: this.ways,
    });
  }

  /** What the deploy asks for, in place of what was said before. */
  public order({ request, allowances, requirements = [] }: ProvisioningOrder): void {
    this.role.allow(allowances);
    this.role.policy.lifecycle = requirements.length > 0 ? { precondition: [...requirements] } : undefined;
    const text = escapeTerraformText(JSON.stringify(request));
    this.invocation.input = text;
    this.ordered.expression = text;
  }

  /**
   * Another call of the function, once what was ordered is made, by a part of the program that knows more than the order does.
   * It hands over the order beside that, so that the function can see what it was told by its own deploy.
   *
   * @param scope where the call belongs, also in a stack that comes later
   * @param details what is known there
   */
  public callFrom(scope: Construct, id: string, details: object): LambdaInvocation {
    return new LambdaInvocation(scope, id, {
      functionName: this.lambda.functionName,
      // By the first call, after which it comes: no other stack can name a local value of this one.
      input: Fn.jsonencode({ order: this.invocation.input, ...details }),
      triggers: { code: this.lambda.sourceCodeHash },
    });
  }

  /**
   * Has a destroy call the function, too, with the order and Terraform's word for what it does (`tf.action`): also when it makes
   * and changes this call, at which the function is to do nothing. Not by the call that makes what is ordered: under this scope,
   * Terraform takes a change that failed for done, and code that is new for something else, which it destroys first.
   */
  public callOnDestroy(): void {
    new LambdaInvocation(this, "Removal", {
      functionName: this.lambda.functionName,
      input: Fn.jsonencode({ order: this.ordered.asString }),
      lifecycleScope: "CRUD",
      dependsOn: this.ways,
    });
  }

  /**
   * Routes, endpoints and names, which no rule of a firewall refers to: made before the first call, and taken away after the last.
   * With a network in another stack the order of stacks sees to that.
   */
  private leadingElsewhere(network: IFlinkNetwork): ITerraformDependable[] {
    const stack = TerraformStack.of(this);
    return network.node
      .findAll()
      .filter((each) => TerraformResource.isTerraformResource(each))
      .filter((each) => TerraformStack.of(each) === stack);
  }

  /** ARN of the function's own role. */
  public get roleArn(): string {
    return this.role.roleArn;
  }

  /** JSON: what was made, what was there already, what was closed. */
  public get report(): string {
    return this.invocation.result;
  }
}

/** Where both names are too long, the end of it tells functions apart. */
function functionName(program: string, system: string): string {
  const whole = `${system}-${program}`;
  if (whole.length <= LONGEST_FUNCTION_NAME) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, HASH_CHARACTERS);
  return `${system.slice(0, LONGEST_FUNCTION_NAME - program.length - HASH_CHARACTERS - 2)}-${hash}-${program}`;
}
