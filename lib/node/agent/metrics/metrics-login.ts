import * as fs from "fs/promises";
import * as path from "path";
import type { MetricsLoginForm } from "../../metrics/metrics-login";
import { METRICS_LOGIN } from "../../paths";
import { basicLoginProperties } from "../connections/basic-login";
import { loginOf, NO_HALF_CHARACTERS, noControlCharacters } from "../connections/login";
import type { SecretLookTimes } from "../connections/secret-looks";
import { secretTexts } from "../connections/secret-texts";
import type { SecretReader } from "../connections/secrets-manager";
import { Owner, readIfThere, writeFileAtomically } from "../files";
import type { Reporter } from "../reporter";
import { ShippingLogin } from "../shipping/shipping-login";

/** Of which secret the texts beside it are: written after them. */
const SECRET_ARN = "secret-arn";
const TOKEN = /^[\x21-\x7e]+$/;

/** Keeps for Telegraf what the secret of its login holds now: a file in memory for each text. */
export class MetricsLogin extends ShippingLogin {
  private form: MetricsLoginForm = "basic";
  private version = 0;

  public constructor(
    secrets: SecretReader,
    reporter: Pick<Reporter, "setProblem" | "solve">,
    private readonly readers: () => Promise<Owner>,
    private readonly folder: string = METRICS_LOGIN,
    times?: SecretLookTimes,
  ) {
    super({ holders: "metrics shippers", destination: "the metrics' destination" }, secrets, reporter, times);
  }

  /** How the texts are laid down from now on. */
  public useForm(form: MetricsLoginForm): void {
    this.form = form;
  }

  /** Whether there is a login that can be shown. */
  public async isThere(): Promise<boolean> {
    return (await this.secretOfKept()) !== undefined;
  }

  /** Another number when the login is another; 0 where this agent has not changed it. */
  public changes(): number {
    return this.version;
  }

  protected async write(secret: string, secretArn: string): Promise<boolean> {
    const owner = await this.readers();
    let isNew = false;
    for (const [name, text] of [...Object.entries(textsOf(this.form, secret)), [SECRET_ARN, secretArn] as const]) {
      isNew = (await writeFileAtomically(path.join(this.folder, name), text, 0o640, owner)) || isNew;
    }
    if (isNew) this.version++;
    return isNew;
  }

  protected async secretOfKept(): Promise<string | undefined> {
    return (await readIfThere(path.join(this.folder, SECRET_ARN)).catch(() => undefined))?.toString();
  }

  protected async remove(): Promise<void> {
    for (const name of await fs.readdir(this.folder).catch(() => [])) {
      await fs.rm(path.join(this.folder, name), { recursive: true, force: true });
    }
  }
}

/** Fails with one sentence without a full stop, which says nothing of what the secret holds. */
function textsOf(form: MetricsLoginForm, secret: string): Readonly<Record<string, string>> {
  switch (form) {
    case "basic":
      return basicLoginProperties(secret);
    case "token": {
      const { token } = secretTexts(secret, ["token"]);
      if (!TOKEN.test(token)) {
        throw new Error("the token in its secret holds other characters than ASCII's visible ones: choose another");
      }
      return { token };
    }
    case "postgresql": {
      const { username, password } = loginOf(secret, [noControlCharacters("PostgreSQL"), NO_HALF_CHARACTERS]);
      return { username: escaped(username), password: escaped(password) };
    }
  }
}

/** As between single quotes in a connection string of libpq. */
function escaped(text: string): string {
  return text.replace(/[\\']/g, "\\$&");
}
