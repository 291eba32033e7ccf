import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { refuse } from "../core/validation";

/**
 * Makes the folder that an option of the command line names, with those above it, where it is not there. (The system's own
 * way of making all of them never ends below a folder that takes none, such as /proc.)
 *
 * @param mode of those that are made
 */
export function makeFolder(option: string, folder: string, mode = 0o777): void {
  if (folder === "") {
    // That would be the current folder: nobody asks for it by a variable that is empty.
    const remedy = `name a folder, or write ${option} . for the current one`;
    refuse({ property: option, value: folder, allowed: "the name of a folder", remedy });
  }
  try {
    make(path.resolve(folder), mode);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    refuse({
      property: option,
      value: folder,
      allowed: `a folder that is there or can be made, and the system says ${message}`,
      remedy: "name another folder, or mend what the system says",
    });
  }
}

function make(folder: string, mode: number): void {
  if (!existsSync(path.dirname(folder))) make(path.dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST" && statSync(folder).isDirectory();
    if (!isThere) throw error;
  }
}
