/** Looks again until there is what is looked for. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
