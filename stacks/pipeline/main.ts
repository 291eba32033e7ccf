import { App } from "cdktf";
import { addPipeline } from "./pipeline";

const app = new App();
addPipeline(app);
app.synth();
