import { defineConfig } from "vitest/config";

// These kill parts of the node, name its images or write to its disk: only on the recipe's own, never on a cluster that the user named.
const ownNodeOnly = ["deletion", "disruptions", "guide", "kills", "storage", "toolbox"].map((name) => `test/src/node/${name}.test.ts`);
const isNamed = process.env["CODYBATCH_TEST_KUBECONFIG"] !== undefined;
// Takes the whole cluster away from everybody.
const outage = "test/src/node/outage.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{crds,operator,runner,local,dashboard,scripts}/**/*.test.ts", "test/src/{chart,bench}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.integration.test.ts", "dashboard/e2e/**"],
          // Simulations take seconds of CPU, which a busy machine spreads over many more.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: [
            "{operator,runner,local,dashboard}/**/*.integration.test.ts",
            "test/src/story/**/*.test.ts",
            "test/src/docs/!(readme).test.ts",
          ],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["dashboard/e2e/**/*.test.ts"],
          globalSetup: ["dashboard/e2e/src/build.ts"],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      { test: { name: "faults", include: ["test/src/faults/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 120_000 } },
      { test: { name: "real", include: ["test/src/real/**/*.test.ts"], testTimeout: 1_200_000, hookTimeout: 1_200_000 } },
      {
        test: {
          name: "cluster",
          include: ["test/src/cluster/**/*.test.ts", "test/src/images/**/*.test.ts", "test/src/docs/readme.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 2_400_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "node",
          include: ["test/src/node/**/*.test.ts"],
          exclude: [outage, ...(isNamed ? ownNodeOnly : [])],
          globalSetup: ["test/src/node/setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each file has a release and namespaces of its own, and mostly waits.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "outage",
          include: isNamed ? [] : [outage],
          globalSetup: ["test/src/node/setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "long",
          include: ["test/src/long/**/*.test.ts"],
          globalSetup: ["test/src/node/setup.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
