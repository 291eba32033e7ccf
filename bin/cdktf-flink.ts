import { addCompletion } from "./completion-command";
import { program } from "./program";
import { runToEnd } from "./run";

// The AWS SDK announces the end of Node.js 20 on every run; which Node.js we support, package.json says.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

void addCompletion(program()).then((cli) => runToEnd(cli, process.argv.slice(2)));
