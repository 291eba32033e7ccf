import { App } from "cdktf";
import { setting } from "./settings";
import { StorageStack } from "./storage-stack";
import { StreamingStack } from "./streaming-stack";

const app = new App();
const region = setting(app, "region") ?? process.env.AWS_REGION ?? "eu-west-1";
const storage = new StorageStack(app, "storage", region);
new StreamingStack(app, "streaming", region, storage.checkpoints);
app.synth();
