/** A role of OpenSearch by which somebody writes these indices and does nothing else. */
export interface RoleRequest {
  readonly name: string;
  /** Names of indices, with a `*` at the end where they are several. */
  readonly indices: readonly string[];
  /** Whether documents may be deleted. */
  readonly mayDelete: boolean;
  /** Whether documents may bring fields that no mapping has. */
  readonly mayAddFields: boolean;
  /** How the ARN of whoever may be given it begins, so far as it is known before that role of IAM is there. */
  readonly writerArnPrefix: string;
}

/** An index template of OpenSearch, as its API takes it. */
export interface TemplateRequest {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A policy by which OpenSearch looks after indices (Index State Management), as its API takes it. */
export interface PolicyRequest {
  readonly name: string;
  readonly body: { readonly policy: IndexPolicy };
}

/** The parts of it that are looked at here. */
export interface IndexPolicy {
  readonly description?: string;
  /** Which indices it is for. */
  readonly ism_template?: readonly { readonly index_patterns: readonly string[] }[];
}

/** What a domain is to have, as the deploy tells it to the function that makes it: no secret is in it. */
export interface DomainRequest {
  readonly region: string;
  /** Of AWS STS, such as `https://sts.eu-west-1.amazonaws.com`. */
  readonly stsEndpoint: string;
  /** Of the domain, such as `https://vpc-search-abc123.eu-west-1.es.amazonaws.com`. */
  readonly url: string;
  readonly administratorRoleArn: string;
  readonly roles: readonly RoleRequest[];
  readonly templates: readonly TemplateRequest[];
  readonly policies: readonly PolicyRequest[];
}

/** Who is to be given a role that the deploy ordered: a part of the deploy that comes later knows the rest of the ARN. */
export interface Admission {
  /** Name of one of the order's roles. */
  readonly role: string;
  readonly writerArn: string;
}

export interface AdmissionRequest {
  /** The text of the `DomainRequest` that was ordered. */
  readonly order: string;
  readonly admit: Admission;
}
