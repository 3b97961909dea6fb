export { startServer } from "./server.ts";
export type { RunningServer, ServerLog, ServerOptions } from "./options.ts";
export type { Cut, Fault, FaultSource, FaultedRequest } from "./http/fault.ts";
export type { User } from "./review/user.ts";
export { kubeconfigFor } from "./kubeconfig.ts";
export { FolderInUseError } from "./store/lock.ts";
export { JournalError } from "./store/journal.ts";
