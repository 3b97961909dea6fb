import { Counter, Gauge, Histogram, type Registry } from "prom-client";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** Series of the dashboard's own, in the registry of the client's. */
export function createDashboardMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requestSeconds: new Histogram({
      name: "codybatch_dashboard_request_seconds",
      help: "Seconds until an answer was complete, by route and status; streams are left out.",
      labelNames: ["route", "status"],
      buckets: seconds,
      registers,
    }),
    streams: new Gauge({ name: "codybatch_dashboard_streams", help: "Open streams.", registers }),
    streamEnds: new Counter({
      name: "codybatch_dashboard_stream_ends_total",
      help: "Streams that the server ended, by reason.",
      labelNames: ["reason"],
      registers,
    }),
  };
}
export type DashboardMetrics = ReturnType<typeof createDashboardMetrics>;
