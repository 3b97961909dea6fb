import { createHash } from "node:crypto";
import { edits, judges, reads, reports, type Turn, writes } from "../story/model.ts";

/** A repository on which an example is tried, what the stand-in does there, and the lines that the patch must have. */
export interface ExampleStory {
  readonly files: Readonly<Record<string, string>>;
  readonly turns: readonly Turn[];
  /** Where the example asks for a second opinion. */
  readonly reviews?: readonly (readonly Turn[])[];
  readonly diff: readonly string[];
}

const deletes = (path: string): Turn => ({ tools: [{ name: "delete_file", input: { path } }] });
const license = "// SPDX-FileCopyrightText: Acme Corporation\n// SPDX-License-Identifier: Apache-2.0\n\n";

const strict = "#!/bin/sh\nset -eu\nmake all\n";

/** By example: a repository where the change is due. */
export const exampleStories: Readonly<Record<string, ExampleStory>> = {
  "dead-ci-files": {
    files: {
      ".travis.yml": "language: node_js\n",
      ".github/workflows/ci.yml": "on: push\n",
      "README.md": "# Tools\n\n![CI](https://travis-ci.com/acme/tools.svg)\n",
    },
    turns: [
      deletes(".travis.yml"),
      reads("README.md"),
      edits("README.md", "\n![CI](https://travis-ci.com/acme/tools.svg)\n", ""),
      reports(true, "Remove Travis CI"),
    ],
    diff: ["deleted file mode 100644", "-language: node_js"],
  },
  "http-timeouts": {
    files: { "client.py": "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()\n" },
    turns: [
      reads("client.py"),
      edits("client.py", "requests.get(url)", "requests.get(url, timeout=10)"),
      reports(true, "Limit the exchange rates' call to 10 seconds"),
    ],
    diff: ["+    return requests.get(url, timeout=10).json()"],
  },
  "jinja-floor": {
    files: { "requirements.txt": "flask>=3\njinja2>=3.1.2,<4\n" },
    turns: [
      reads("requirements.txt"),
      edits("requirements.txt", "jinja2>=3.1.2,<4", "jinja2>=3.1.6,<4"),
      reports(true, "Require Jinja2 3.1.6"),
    ],
    diff: ["-jinja2>=3.1.2,<4", "+jinja2>=3.1.6,<4"],
  },
  "licence-headers": {
    files: { LICENSE: "Apache License\n", "src/main.js": "export const answer = 42;\n" },
    turns: [
      reads("src/main.js"),
      edits("src/main.js", "export const answer", `${license}export const answer`),
      reports(true, "Add the licence header to one file"),
    ],
    diff: ["+// SPDX-License-Identifier: Apache-2.0"],
  },
  "node-24": {
    files: { ".nvmrc": "20\n", "package.json": '{ "engines": { "node": ">=20" } }\n' },
    turns: [
      reads(".nvmrc"),
      writes(".nvmrc", "24\n"),
      reads("package.json"),
      edits("package.json", ">=20", ">=24"),
      reports(true, "Move to Node.js 24"),
    ],
    diff: ["+24", '+{ "engines": { "node": ">=24" } }'],
  },
  "shell-strict": {
    files: { "scripts/build.sh": "#!/bin/sh\nmake all\n", "scripts/SHA256SUMS": "0  build.sh\n" },
    turns: [
      reads("scripts/build.sh"),
      edits("scripts/build.sh", "#!/bin/sh\n", "#!/bin/sh\nset -eu\n"),
      { tools: [{ name: "run_check", input: { name: "checksums" } }] },
      reports(true, "Stop the build at the first error"),
    ],
    diff: ["+set -eu", "-0  build.sh", `+${createHash("sha256").update(strict).digest("hex")}  build.sh`],
  },
  "utc-now": {
    files: { "stamp.py": "from datetime import datetime\n\nstamp = datetime.utcnow().isoformat()\n" },
    turns: [
      reads("stamp.py"),
      edits("stamp.py", "from datetime import datetime\n", "from datetime import datetime, timezone\n"),
      edits("stamp.py", "datetime.utcnow()", "datetime.now(timezone.utc).replace(tzinfo=None)"),
      reports(true, "Replace datetime.utcnow()"),
    ],
    reviews: [[judges(true, "stamp.py: the time is written out as before.")]],
    diff: ["+stamp = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()"],
  },
};
