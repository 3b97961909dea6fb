export { loadConfig } from "./config.ts";
export type { Config } from "./config.ts";
export { connect } from "./connect.ts";
export { startDashboard } from "./dashboard.ts";
export type { Dashboard, DashboardParts } from "./dashboard.ts";
