/** Ends of the axes of time, as moments. */
export interface Span {
  readonly from: string;
  readonly to: string;
}
