import { parentPort } from "node:worker_threads";
import { startServer } from "@codybatch/local";

// The embedded server without a journal, in a thread of its own so that it shares no event loop with who measures.
const server = await startServer();
parentPort?.postMessage(server.url);
parentPort?.once("message", () => void server.close().then(() => process.exit(0)));
