import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { withReferences } from "../core/terraform/text";
import { refuse } from "../core/validation";

/** A place in which several clusters' logs, or metrics, may lie, and how long they are kept there. */
export interface KeptFor {
  /** The same for all that lie in one place, and for nothing else. */
  readonly place: string;
  readonly retentionDays: number;
  /** What of another is there too, such as `lines lie in the same indices logs-…`. */
  readonly whatIsThere: string;
  /** What to give one of them to lie elsewhere, such as `another indexPrefix`. */
  readonly elsewhere: string;
}

/**
 * A place has one retention, whoever writes there: of two that say otherwise the one that is put last would win.
 *
 * @param keptBy what another construct of the program keeps; nothing where it is none of the same kind
 */
export function requireSameRetention(
  integration: Construct,
  { place, retentionDays, whatIsThere, elsewhere }: KeptFor,
  keptBy: (other: IConstruct) => KeptFor | undefined,
): void {
  const isOtherwise = (other: IConstruct): boolean => {
    const kept = other === integration ? undefined : keptBy(other);
    if (kept === undefined || kept.retentionDays === retentionDays) return false;
    return withReferences(other, kept.place) === withReferences(integration, place);
  };
  const other = integration.node.root.node
    .findAll()
    .find((each) => isOtherwise(each) && AwsAccount.isAlike(integration, each));
  if (!other) return;
  refuse({
    property: "retentionDays",
    value: retentionDays,
    allowed: `${keptBy(other)!.retentionDays} as that of ${other.node.path}, whose ${whatIsThere}`,
    remedy: `give both the same retentionDays, or one of them ${elsewhere}`,
  });
}
