import { copyFileSync, appendFileSync } from "fs";
import * as path from "path";
import { gzipSync } from "zlib";
import { searchUserData } from "./account-places";
import { Matcher } from "./matcher";
import { PlaceSearcher } from "./place";
import { searchConsole } from "./places";
import { plant, Plant, valueOf } from "./planted";
import { REST_ANSWERS } from "./rest-answers";
import { Searched } from "./verdict";

/** What cannot be changed for a trial: real things, of which a copy gets a marked secret. */
export interface Originals {
  /** Decoded user data of a machine. */
  readonly userData: Buffer;
  /** File of a machine's console output. */
  readonly consoleLog: string;
  /** Flink's answer of `/jobmanager/environment`. */
  readonly environment: string;
}

/** Copies with marked secrets: searched by the very code that searches the originals. */
export class Copies {
  private readonly userData = plant("a copy of user data", ["user data"]);
  private readonly console = plant("a copy of console output", ["console output"]);
  private readonly environment = plant("a copy of /jobmanager/environment", [REST_ANSWERS]);

  public constructor(
    private readonly originals: Originals,
    /** Where the copy of the console's output goes. */
    private readonly folder: string,
  ) {}

  public get all(): readonly Plant[] {
    return [this.userData, this.console, this.environment];
  }

  public async search(matcher: Matcher): Promise<Searched[]> {
    const { originals } = this;
    const userData = gzipSync(Buffer.concat([originals.userData, Buffer.from(`\n# ${valueOf(this.userData)}\n`)]));
    const console = path.join(this.folder, "console.log");
    copyFileSync(originals.consoleLog, console);
    appendFileSync(console, `planted: ${valueOf(this.console)}\n`);
    const answer = { ...(JSON.parse(originals.environment) as object), planted: valueOf(this.environment) };
    const answers = new PlaceSearcher(REST_ANSWERS, matcher);
    await answers.search("copy of /jobmanager/environment", Buffer.from(JSON.stringify(answer)));
    return [
      await searchUserData({ copy: userData.toString("base64") }, matcher),
      await searchConsole(console, matcher),
      answers.result,
    ];
  }
}
