import { Construct } from "constructs";
import { setting, SettingName, variableOf } from "./settings";

/**
 * Makes something of settings. Where the library refuses one by a name of its own, its sentence ends with the variable that
 * it was set by: whoever wrote the variable knows no `bootstrapServers`.
 *
 * @param settings by the first word of the library's sentence, which is a property or a function
 */
export function setBy<T>(scope: Construct, settings: Readonly<Record<string, SettingName>>, make: () => T): T {
  try {
    return make();
  } catch (failure) {
    if (!(failure instanceof Error) || failure.name !== "ValidationError") throw failure;
    const [word] = failure.message.replace(/^[\w./-]+: /, "").split(" ");
    if (!Object.hasOwn(settings, word) || setting(scope, settings[word]) === undefined) throw failure;
    throw new Error(`${failure.message} (${word}: set by ${variableOf(settings[word])})`);
  }
}
