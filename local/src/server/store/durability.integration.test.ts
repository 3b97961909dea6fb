import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { startServer } from "../server.ts";
import { Client, eventually } from "../testing/client.ts";
import { batchChange, changeset, configMap, owner, path } from "../testing/objects.ts";
import { temporaryFolders } from "../testing/running.ts";
import { JournalError } from "./journal.ts";
import { FolderInUseError } from "./lock.ts";

const folder = temporaryFolders();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Program {
  readonly child: ChildProcess;
  readonly client: Client;
}

async function program(dir: string): Promise<Program> {
  const main = new URL("../main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [main, "--dir", dir], { stdio: "ignore" });
  children.push(child);
  const file = await eventually(
    () => readFile(`${dir}/server.json`, "utf8").catch(() => ""),
    (text) => text !== "" && JSON.parse(text).pid === child.pid,
  );
  return { child, client: new Client(JSON.parse(file).url) };
}

async function kill({ child }: Program): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("a killed server", () => {
  it("comes back with every write that it acknowledged, five times over", async () => {
    const dir = await folder();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const running = await program(dir);
      const write = async (writer: number): Promise<void> => {
        for (let index = 0; ; index += 1) {
          const name = `r${round}-${writer}-${index}`;
          const reply = await running.client.post(path.configMaps, configMap(name));
          if (reply.code === 201) acknowledged.add(name);
        }
      };
      const writes = Promise.allSettled(Array.from({ length: 20 }, (_, writer) => write(writer)));
      const before = acknowledged.size;
      await eventually(
        () => Promise.resolve(acknowledged.size),
        (size) => size >= before + 200,
      );
      await kill(running);
      await writes;
    }
    const running = await program(dir);
    const { body } = await running.client.get(path.configMaps);
    const names = new Set(body.items.map((item) => item.metadata.name));
    expect([...acknowledged].filter((name) => !names.has(name))).toEqual([]);
    const versions = body.items.map((item) => item.metadata.resourceVersion);
    expect(new Set(versions).size).toBe(versions.length);
  }, 60_000);

  it("lets a watch go on from a version of before", async () => {
    const dir = await folder();
    const first = await program(dir);
    const { body } = await first.client.get(path.configMaps);
    await first.client.post(path.configMaps, configMap("a"));
    await first.client.remove(`${path.configMaps}/a`);
    await kill(first);
    const second = await program(dir);
    const lines = await second.client.watch(
      `${path.configMaps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`,
      ({ length }) => length === 2,
    );
    expect(lines.map((line) => line.type)).toEqual(["ADDED", "DELETED"]);
  });

  it("leaves a folder that only its owner can read", async () => {
    const dir = `${await folder()}/new`;
    await program(dir);
    const mode = async (name: string): Promise<string> => ((await stat(name)).mode & 0o777).toString(8);
    expect([await mode(dir), await mode(`${dir}/journal.jsonl`), await mode(`${dir}/kubeconfig`)]).toEqual(["700", "600", "600"]);
  });
});

describe("the journal", () => {
  it("drops a half-written last line and goes on after it", async () => {
    const dir = await folder();
    const first = await startServer({ dir });
    await new Client(first.url).post(path.configMaps, configMap("a"));
    await first.close();
    await appendFile(`${dir}/journal.jsonl`, '{"op":"put","storage":"configmaps","object":{"kind":"ConfigM');
    const second = await startServer({ dir });
    const { code, body } = await new Client(second.url).post(path.configMaps, configMap("b"));
    expect(code).toBe(201);
    await second.close();
    const third = await startServer({ dir });
    const list = (await new Client(third.url).get(path.configMaps)).body;
    expect(list.items.map((item) => item.metadata.name)).toEqual(["a", "b"]);
    expect(list.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    await third.close();
  });

  it("is refused when it is damaged before its end", async () => {
    const dir = await folder();
    const server = await startServer({ dir });
    await new Client(server.url).post(path.configMaps, configMap("a"));
    await server.close();
    const file = `${dir}/journal.jsonl`;
    await writeFile(file, (await readFile(file, "utf8")).replace('"op":"put"', '"op":?'));
    await expect(startServer({ dir })).rejects.toThrow(JournalError);
  });

  it("is refused when a line is missing", async () => {
    const dir = await folder();
    const server = await startServer({ dir });
    const client = new Client(server.url);
    for (const name of ["a", "b", "c"]) await client.post(path.configMaps, configMap(name));
    await server.close();
    const file = `${dir}/journal.jsonl`;
    const lines = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, lines.filter((line) => !line.includes('"name":"b"')).join("\n"));
    await expect(startServer({ dir })).rejects.toThrow("is damaged in line");
  });

  it("is compacted while writers are at work, and nothing is lost", async () => {
    const dir = await folder();
    const server = await startServer({ dir, compactAbove: 20_000 });
    const client = new Client(server.url);
    await Promise.all(Array.from({ length: 10 }, (_, writer) => client.post(path.configMaps, configMap(`w${writer}`))));
    for (let round = 0; round < 50; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, (_, writer) =>
          client.patch(`${path.configMaps}/w${writer}`, { data: { round: String(round), pad: "x".repeat(200) } }),
        ),
      );
    }
    const before = (await client.get(path.configMaps)).body;
    await server.close();
    expect((await stat(`${dir}/journal.jsonl`)).size).toBeLessThan(60_000);
    const again = await startServer({ dir });
    expect((await new Client(again.url).get(path.configMaps)).body).toEqual(before);
    await again.close();
  });

  it("lets the collector finish after a restart what it had not done", async () => {
    const dir = await folder();
    const server = await startServer({ dir });
    const client = new Client(server.url);
    const batch = (await client.post(path.batchChanges, batchChange("b"))).body;
    await client.post(path.changesets, changeset("c", {}, { ownerReferences: [owner(batch)] }));
    await client.remove(`${path.batchChanges}/b`);
    await server.close();
    const file = `${dir}/journal.jsonl`;
    const lines = (await readFile(file, "utf8")).split("\n");
    const deletion = lines.findIndex((line) => line.includes('"op":"delete"') && line.includes('"storage":"batchchanges'));
    await writeFile(file, `${lines.slice(0, deletion + 1).join("\n")}\n`);
    const again = await startServer({ dir });
    const reply = await eventually(
      () => new Client(again.url).get(`${path.changesets}/c`),
      ({ code }) => code === 404,
    );
    expect(reply.body.reason).toBe("NotFound");
    await again.close();
  });

  it("belongs to one process at a time", async () => {
    const dir = await folder();
    const server = await startServer({ dir });
    await expect(startServer({ dir })).rejects.toThrow(FolderInUseError);
    await server.close();
    await (await startServer({ dir })).close();
  });
});
