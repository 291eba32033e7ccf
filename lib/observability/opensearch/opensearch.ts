/** One call of OpenSearch's API. */
export interface OpenSearchRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** With a query string where there is one, as it is sent: what is of somebody else in it is encoded. */
  readonly path: string;
  readonly body?: object;
}

export interface OpenSearchAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** What was JSON; undefined where it was none: what stands between may answer anything. */
  readonly body: unknown;
}

/** An OpenSearch that can be called, whoever calls it and by which way. */
export interface OpenSearch {
  /** Rejects where no answer came; an answer of any status is one. */
  call(request: OpenSearchRequest): Promise<OpenSearchAnswer>;
}
