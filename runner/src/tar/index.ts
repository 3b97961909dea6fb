export { readTar, TarError, type TarFile } from "./reader.ts";
export { tarEnd, tarHead, tarOf, tarPadding } from "./writer.ts";
