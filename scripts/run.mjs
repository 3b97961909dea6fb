// Runs a command with the pinned tools, and installs them first when the lockfile changed since the last install.
// Plain JavaScript for Node 20, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".codybatch-lock");

function stop(message) {
  console.error(`cody-batch: ${message}`);
  process.exit(1);
}

function execute(command, args, cwd = process.cwd()) {
  const done = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } });
  if (done.error) stop(`cannot start ${command}: ${done.error.message}`);
  return done.status ?? (done.signal === "SIGINT" ? 130 : 1);
}

function install() {
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("cody-batch: installing dependencies with npm ci (once, about a minute) …");
  if (execute("npm", ["ci", "--no-audit", "--no-fund"], root) !== 0) stop("npm ci failed; see its message above. Is the npm registry reachable?");
  writeFileSync(stamp, lock);
}

if (Number(process.versions.node.split(".")[0]) < 20) stop(`Node.js 20 or newer is needed to start, this is ${process.versions.node}`);
if (spawnSync("git", ["--version"]).error) stop("git is needed and was not found on the PATH; install it (Debian: apt-get install git)");
install();
const [command, ...args] = process.argv.slice(2);
process.exit(execute(command, args));
