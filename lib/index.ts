export { Duration } from "./core/duration";
export { Size } from "./core/size";
