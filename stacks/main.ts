import { App } from "cdktf";
import { regionSetting, requireKnownSettings } from "./settings";
import { StorageStack } from "./storage-stack";
import { StreamingStack } from "./streaming-stack";

const app = new App();
requireKnownSettings(app);
const region = regionSetting(app);
const storage = new StorageStack(app, "storage", region);
new StreamingStack(app, "streaming", region, storage.checkpoints);
app.synth();
