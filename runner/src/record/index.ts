export { runRecorder } from "./recorder.ts";
