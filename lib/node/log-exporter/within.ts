/** Of what did not end in time. */
export class OutOfTime extends Error {}

/** Does something that ends by the signal that it is given, or after so many seconds: then it fails with `OutOfTime`. */
export async function within<T>(
  seconds: number,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const end = () => stop.abort();
  let isLate = false;
  const timer = setTimeout(() => ((isLate = true), end()), seconds * 1000);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await act(stop.signal);
  } catch (error) {
    throw isLate ? new OutOfTime("", { cause: error }) : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
