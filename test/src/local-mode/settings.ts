/** Times in seconds that let a run with faults end soon, and yet leave a busy machine its pauses. */
export const operatorTimes: Readonly<Record<string, string>> = {
  CODYBATCH_STATUS_INTERVAL_SECONDS: "0.1",
  CODYBATCH_POLL_SECONDS: "0.5",
  CODYBATCH_RETRY_DELAY_SECONDS: "0.2",
  CODYBATCH_RESULT_WAIT_SECONDS: "5",
  CODYBATCH_REQUEST_TIMEOUT_SECONDS: "10",
  CODYBATCH_EXPECTATION_SECONDS: "5",
  CODYBATCH_LEASE_RETRY_SECONDS: "0.3",
  CODYBATCH_TRACK_SECONDS: "10",
  CODYBATCH_PUBLISH_RETRY_SECONDS: "0.5",
  CODYBATCH_PUBLISHING: JSON.stringify({ perMinute: 600, contentPerHour: 500 }),
};

/** How long a test waits for what must come, on a machine with other work. */
export const patience = { seconds: 120 } as const;

/** Handed to every container of a pod. */
export const runnerTimes: Readonly<Record<string, string>> = {
  CODYBATCH_POLL_SECONDS: "0.1",
  CODYBATCH_LIVE_SECONDS: "0.2",
  CODYBATCH_AGENT_LOST_SECONDS: "2",
  CODYBATCH_API_RETRY_SECONDS: "0.1",
  CODYBATCH_RETRY_SECONDS: "0.1",
  CODYBATCH_CLONE_RETRY_SECONDS: "0.1",
  CODYBATCH_ACK_SECONDS: "60",
  CODYBATCH_PUBLISH_RETRY_SECONDS: "0.1",
  CODYBATCH_LOOK_RETRY_SECONDS: "0.1",
  CODYBATCH_LOOK_AGAIN_SECONDS: "0.2",
};

export const runnerImage = "localhost/codybatch-runner:dev";
