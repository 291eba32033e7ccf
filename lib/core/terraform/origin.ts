import { DefaultTokenResolver, StringConcat, TerraformElement, TerraformStack, Tokenization } from "cdktf";
import { IConstruct } from "constructs";

/** A reference to a resource as cdktf keeps it, which does not say so in its types. */
interface Reference {
  readonly originStack?: TerraformStack;
  /** Such as `aws_vpc.network_1A2B3C4D.id`. */
  readonly identifier?: unknown;
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly found: Reference[] = [];

  public constructor() {
    super(new StringConcat());
  }

  public override resolveToken(...[token, ...rest]: Parameters<DefaultTokenResolver["resolveToken"]>): unknown {
    if ((token as Reference).originStack) this.found.push(token as Reference);
    return super.resolveToken(token, ...rest);
  }
}

function referencesIn(scope: IConstruct, value: unknown): readonly Reference[] {
  const resolver = new ReferenceCollector();
  Tokenization.resolve(value, { scope, resolver, preparing: false });
  return resolver.found;
}

/** The stacks of the resources that a value refers to. */
export function stacksOf(scope: IConstruct, value: unknown): readonly TerraformStack[] {
  return [...new Set(referencesIn(scope, value).map(({ originStack }) => originStack!))];
}

/** Whether a resource that a value refers to is itself made of something in that stack. */
export function isMadeOf(scope: IConstruct, value: unknown, stack: TerraformStack): boolean {
  return referencesIn(scope, value).some(({ originStack, identifier }) => {
    const names = String(identifier).split(".");
    return originStack!.node
      .findAll()
      .filter((child) => TerraformElement.isTerraformElement(child))
      .filter(({ friendlyUniqueId }) => names.includes(friendlyUniqueId))
      .some((element) => stacksOf(element, element.toTerraform()).includes(stack));
  });
}
