import * as fs from "fs/promises";
import { LOG_LOGIN_FILE } from "../../paths";
import { basicLoginProperties } from "../connections/basic-login";
import type { SecretLookTimes } from "../connections/secret-looks";
import type { SecretReader } from "../connections/secrets-manager";
import { Owner, readIfThere, writeFileAtomically } from "../files";
import type { Reporter } from "../reporter";
import { ShippingLogin } from "../shipping/shipping-login";

/** As whom the exporter logs in: what it reads, and of which secret that is. */
interface KeptLogin {
  readonly username: string;
  readonly password: string;
  readonly secretArn: string;
}

/** Keeps for the log exporter what the secret of its login holds now, in a file in memory. */
export class LogLogin extends ShippingLogin {
  public constructor(
    secrets: SecretReader,
    reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly readers: () => Promise<Owner>,
    private readonly file: string = LOG_LOGIN_FILE,
    times?: SecretLookTimes,
  ) {
    super({ holders: "log shippers", destination: "the logs' destination" }, secrets, reporter, times);
  }

  protected async write(secret: string, secretArn: string): Promise<boolean> {
    const { username, password } = basicLoginProperties(secret);
    const login: KeptLogin = { username, password, secretArn };
    return writeFileAtomically(this.file, JSON.stringify(login), 0o640, await this.readers());
  }

  protected async secretOfKept(): Promise<string | undefined> {
    try {
      const text = (await readIfThere(this.file))?.toString();
      return text === undefined ? undefined : (JSON.parse(text) as KeptLogin).secretArn;
    } catch {
      return undefined;
    }
  }

  protected async remove(): Promise<void> {
    await fs.rm(this.file, { force: true });
  }
}
