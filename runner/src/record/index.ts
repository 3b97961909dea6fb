export type { RecorderConfig } from "./config.ts";
export { runRecorder } from "./recorder.ts";
