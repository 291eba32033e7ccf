import { TerraformElement } from "cdktf";
import { IConstruct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { isToken, withReferences } from "../../core/terraform/text";
import { refuse } from "../../core/validation";

/** What a host of Amazon RDS is, as its name says. */
export interface RdsHost {
  /** Absent where neither the name nor the program says it. */
  readonly region?: string;
  /** RDS Proxy: its certificates are of authorities that every operating system trusts (RDS User Guide, "Using TLS/SSL with RDS Proxy"). */
  readonly isProxy: boolean;
  /** Of a cluster's readers alone, which take no writes. */
  readonly isReader: boolean;
}

const NAME = /\.(?:([a-z0-9-]+)\.rds\.amazonaws\.com|rds\.(cn-[a-z0-9-]+)\.amazonaws\.com\.cn)$/i;
const PROXY = /\.proxy-[a-z0-9]+\./i;
const READER = /\.cluster-ro-[a-z0-9]+\./i;
/** As Terraform refers to a resource, or to what a data source has found. */
const REFERENCE = /^\$\{(?:data\.)?(aws_db_instance|aws_rds_cluster|aws_db_proxy)\.([\w-]+)\.(\w+)\}$/;
/** Attributes that hold the name of a host. */
const HOSTS = [
  "aws_db_instance.address",
  "aws_rds_cluster.endpoint",
  "aws_rds_cluster.reader_endpoint",
  "aws_db_proxy.endpoint",
];

/** Nothing where the host is another one, or anybody's, as only Terraform knows it. */
export function rdsHost(scope: IConstruct, host: string): RdsHost | undefined {
  if (isToken(host)) return ofReference(scope, host);
  const [name, region, chinese] = NAME.exec(host) ?? [];
  if (name === undefined) return undefined;
  return { region: (region ?? chinese).toLowerCase(), isProxy: PROXY.test(host), isReader: READER.test(host) };
}

function ofReference(scope: IConstruct, host: string): RdsHost | undefined {
  const [, type, id, attribute] = REFERENCE.exec(withReferences(scope, host)) ?? [];
  if (type === "aws_db_instance" && attribute === "endpoint") {
    refuse({
      property: "host",
      value: host,
      allowed: "the name of a host, and this attribute holds its port as well",
      remedy: "use its attribute address",
    });
  }
  if (!HOSTS.includes(`${type}.${attribute}`)) return undefined;
  return {
    region: regionOf(scope, type, id),
    isProxy: type === "aws_db_proxy",
    isReader: attribute === "reader_endpoint",
  };
}

/** Stacks may have resources of the same id: then it is known where all of them are in one region. */
function regionOf(scope: IConstruct, type: string, id: string): string | undefined {
  const regions = scope.node.root.node
    .findAll()
    .filter((each) => isResource(each) && each.terraformResourceType === type && each.friendlyUniqueId === id)
    .map((each) => AwsAccount.knownRegion(each));
  return new Set(regions).size === 1 ? regions[0] : undefined;
}

function isResource(construct: IConstruct): construct is TerraformElement & { readonly terraformResourceType: string } {
  return TerraformElement.isTerraformElement(construct) && "terraformResourceType" in construct;
}
