import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { refuse } from "../../core/validation";

/** Indices to which logs go, and how long they are kept there. */
export interface KeptIndices {
  readonly url: string;
  readonly indexPrefix: string;
  readonly retentionDays: number;
}

/**
 * Indices have one policy of retention, whoever writes them: of two that say otherwise the one that is put last would win.
 *
 * @param keptBy what another construct of the program sends to indices; nothing where it is no `LogIntegration`
 */
export function requireSameRetention(
  integration: Construct,
  { url, indexPrefix, retentionDays }: KeptIndices,
  keptBy: (other: IConstruct) => KeptIndices | undefined,
): void {
  const isOtherwise = (other: IConstruct): boolean => {
    const kept = other === integration ? undefined : keptBy(other);
    return kept?.url === url && kept.indexPrefix === indexPrefix && kept.retentionDays !== retentionDays;
  };
  const other = integration.node.root.node
    .findAll()
    .find((each) => isOtherwise(each) && AwsAccount.isAlike(integration, each));
  if (!other) return;
  refuse({
    property: "retentionDays",
    value: retentionDays,
    allowed: `${keptBy(other)!.retentionDays} as that of ${other.node.path}, whose lines lie in the same indices ${indexPrefix}-…`,
    remedy: "give both the same retentionDays, or one of them another indexPrefix",
  });
}
