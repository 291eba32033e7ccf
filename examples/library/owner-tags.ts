import { Instance } from "@cdktf/provider-aws/lib/instance";
import { IAspect } from "cdktf";
import { IConstruct } from "constructs";

/** A resource that takes tags, as the provider's bindings make it. */
interface Taggable {
  tags?: Record<string, string>;
  readonly tagsInput?: Record<string, string>;
}

function isTaggable(node: IConstruct): node is IConstruct & Taggable {
  return "tags" in node && "tagsInput" in node;
}

/** Tags that a company asks of everything; those of a construct itself win. */
export class OwnerTags implements IAspect {
  public constructor(
    private readonly team: string,
    private readonly costCenter: string,
  ) {}

  public visit(node: IConstruct): void {
    const company = { team: this.team, "cost-center": this.costCenter };
    // Data sources that are found by their tags have no tags to be given.
    if (!isTaggable(node) || node.constructor.name.startsWith("DataAws")) return;
    node.tags = { ...company, ...node.tagsInput };
    // A root volume is no resource of its own: its tags are a part of the machine's.
    if (node instanceof Instance) {
      const root = node.rootBlockDeviceInput;
      node.putRootBlockDevice({ ...root, tags: { ...company, ...root?.tags } });
    }
  }
}
