import type {
  DomainRequest,
  RoleRequest,
  TemplateRequest,
} from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { ACCOUNT, ADMINISTRATOR } from "./loopback-opensearch";

export const ORDERS_ARN_PREFIX = `arn:aws:iam::${ACCOUNT}:role/orders-job-`;

/** The role of jobs of a cluster, for these indices. */
export function jobsRole(indices: readonly string[], given: Partial<RoleRequest> = {}): RoleRequest {
  return {
    name: "flink-orders-jobs",
    indices,
    mayDelete: true,
    mayAddFields: false,
    writerArnPrefix: ORDERS_ARN_PREFIX,
    ...given,
  };
}

export function template(
  name: string,
  pattern: string,
  properties: object = { id: { type: "long" } },
): TemplateRequest {
  const mappings = { dynamic: "strict", properties };
  return { name, body: { index_patterns: [pattern], priority: 100, template: { mappings } } };
}

export function domainRequest(url: string, given: Partial<DomainRequest> = {}): DomainRequest {
  return {
    ...{ region: "eu-west-1", stsEndpoint: "http://127.0.0.1:1", url, administratorRoleArn: ADMINISTRATOR },
    ...{ roles: [], templates: [], policies: [] },
    ...given,
  };
}
