import { TerraformStack } from "cdktf";
import { isMadeOf, stacksOf } from "../../core/terraform/origin";
import { refuse } from "../../core/validation";
import { Nodes } from "./reach";

/**
 * Refuses what the network's stack would have to wait for, while itself being waited for by what makes it: cdktf knows such
 * a circle of stacks, but not what it came of.
 */
export function requireNoCircle(property: string, value: string, { network, firewall }: Nodes): void {
  const own = TerraformStack.of(network);
  const others = stacksOf(network, value).filter((stack) => stack !== own);
  const later = others.find(
    (stack) => stack === TerraformStack.of(firewall) || stack.dependsOn(own) || isMadeOf(network, value, own),
  );
  if (later === undefined) return;
  refuse({
    property,
    value,
    allowed: `of the stack ${own.node.path}, where ${network.node.path} is, and not of ${later.node.path}, which comes after that`,
    remedy: `make it in the stack ${own.node.path}, or give its name or id as a literal text`,
  });
}
