import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Token } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { withReferences } from "./text";

const ID = "AwsAccount";

/** Where a stack is deployed to: account, region and partition of its AWS provider. One per stack. */
export class AwsAccount extends Construct {
  /** The one of the stack that a construct belongs to. */
  public static of(scope: Construct): AwsAccount {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as AwsAccount | undefined) ?? new AwsAccount(stack, ID);
  }

  /** The region that the program itself says of the AWS provider of a construct's stack; undefined where it says none. */
  public static knownRegion(scope: IConstruct): string | undefined {
    const region = AwsAccount.providerOf(scope)?.region;
    return Token.isUnresolved(region) ? undefined : region;
  }

  /** Keys of the tags that this provider gives to whatever it makes, as far as the program itself says them. */
  public static knownDefaultTags(scope: IConstruct): readonly string[] {
    const given = AwsAccount.providerOf(scope)?.defaultTags;
    if (!Array.isArray(given)) return [];
    return given.flatMap(({ tags }) => (Token.isUnresolved(tags) ? [] : Object.keys(tags ?? {})));
  }

  /**
   * Whether the program itself tells the AWS providers of two constructs to go to the same place: not where a stack has none
   * yet, or where Terraform alone knows the region.
   */
  public static isKnownAlike(one: IConstruct, other: IConstruct): boolean {
    if (TerraformStack.of(one) === TerraformStack.of(other)) return true;
    const place = AwsAccount.knownPlaceOf(one);
    return place !== undefined && place === AwsAccount.knownPlaceOf(other);
  }

  /** Whether two constructs go to the same account and region, as far as the program tells its AWS providers. */
  public static isAlike(one: IConstruct, other: IConstruct): boolean {
    return AwsAccount.providersOf(one) === AwsAccount.providersOf(other);
  }

  /** The one that is taken where none is named. */
  private static providerOf(scope: IConstruct): AwsProvider | undefined {
    const providers = TerraformStack.of(scope)
      .allProviders()
      .filter(({ terraformResourceType, alias }) => terraformResourceType === "aws" && alias === undefined);
    return providers.length === 1 ? (providers[0] as AwsProvider) : undefined;
  }

  private static providersOf(scope: IConstruct): string {
    const stack = TerraformStack.of(scope);
    const providers = stack.allProviders().filter(({ terraformResourceType }) => terraformResourceType === "aws");
    return withReferences(stack, JSON.stringify(providers.map((provider) => provider.toTerraform() as unknown)));
  }

  private static knownPlaceOf(scope: IConstruct): string | undefined {
    const provider = AwsAccount.providerOf(scope);
    if (!provider || Token.isUnresolved(provider.region)) return undefined;
    const { aws } = (provider.toTerraform() as { provider: { aws: Record<string, unknown>[] } }).provider;
    // Tags are of what is made, and not of where.
    const place = aws.map((told) => ({ ...told, default_tags: undefined, ignore_tags: undefined }));
    return withReferences(TerraformStack.of(scope), JSON.stringify(place));
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id);
  }

  /** Id of the account, twelve digits. */
  public get accountId(): string {
    return this.once("Identity", () => new DataAwsCallerIdentity(this, "Identity", {})).accountId;
  }

  /** Such as `eu-west-1`. */
  public get region(): string {
    // `id`, because `name` is deprecated from version 6 of the AWS provider on.
    return this.once("Region", () => new DataAwsRegion(this, "Region", {})).id;
  }

  /** Such as `aws` or `aws-cn`. */
  public get partition(): string {
    return this.partitionData.partition;
  }

  /** Such as `amazonaws.com`. */
  public get dnsSuffix(): string {
    return this.partitionData.dnsSuffix;
  }

  /** An ARN of this account and region, such as `arn:aws:logs:eu-west-1:123456789012:log-group:x`. */
  public arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  /** The account itself as a principal: who may do what is then up to the policies of its roles and users. */
  public get rootArn(): string {
    return `arn:${this.partition}:iam::${this.accountId}:root`;
  }

  private get partitionData(): DataAwsPartition {
    return this.once("Partition", () => new DataAwsPartition(this, "Partition", {}));
  }

  /** Created when first asked for, so that a stack reads no more than it uses. */
  private once<T extends Construct>(id: string, create: () => T): T {
    return (this.node.tryFindChild(id) as T | undefined) ?? create();
  }
}
