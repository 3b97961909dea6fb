// Runs a command with the pinned tools, and installs them first when the lockfile changed since the last install.
// Plain JavaScript for Node 20, because it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".codybatch-lock");

function stop(message) {
  console.error(`cody-batch: ${message}`);
  process.exit(1);
}

// Without the pinned tools: npm must not run on the Node that it is about to delete.
const machinePath = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => folder !== bin)
  .join(delimiter);

/** Runs a command to its end; answers the exit code that a shell would. */
function execute(command, args, { cwd = process.cwd(), PATH = `${bin}${delimiter}${machinePath}` } = {}) {
  const child = spawn(command, args, { cwd, stdio: "inherit", env: { ...process.env, PATH } });
  // A terminal's Ctrl-C reaches the child by itself and the child ends in its own order; other stops are passed on.
  const passOn = (signal) => signal === "SIGINT" || child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, passOn);
  return new Promise((resolve) => {
    child.on("error", (error) => stop(`cannot start ${command}: ${error.message}`));
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

// npm writes what it has installed here; an install that was cut off has left none.
const installed = join(root, "node_modules", ".package-lock.json");

/** An install by hand is taken as it is; a lockfile that changed since the last start is installed anew. */
function isInstalled(lock) {
  if (!existsSync(installed)) return false;
  if (!existsSync(stamp)) writeFileSync(stamp, lock);
  return readFileSync(stamp, "utf8") === lock;
}

async function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (isInstalled(lock)) return;
  console.error("cody-batch: installing dependencies with npm ci (once, about a minute) …");
  if ((await execute("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, PATH: machinePath })) !== 0)
    stop("npm ci failed; see its message above. Is the npm registry reachable?");
  writeFileSync(stamp, lock);
}

if (Number(process.versions.node.split(".")[0]) < 20) stop(`Node.js 20 or newer is needed to start, this is ${process.versions.node}`);
if (spawnSync("git", ["--version"]).error) stop("git is needed and was not found on the PATH; install it (Debian: apt-get install git)");
await install();
const [command, ...args] = process.argv.slice(2);
process.exit(await execute(command, args));
