/** A file of Java properties: a backslash has a meaning there. */
export function propertiesFile(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replace(/\\/g, "\\\\")}\n`)
    .join("");
}
