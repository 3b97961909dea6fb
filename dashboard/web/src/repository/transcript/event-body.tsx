import type { ShownEvent } from "@codybatch/dashboard-contract";
import { LongText } from "../../text/long-text.tsx";
import { ModelText } from "../../text/markdown.tsx";
import { oneLine, shortened, visible } from "../../text/visible.ts";
import { type Block, blocksOf } from "./blocks.ts";

/** Longer answers stay plain: Markdown of megabytes would freeze the page. */
const longestMarkdown = 20_000;

/** All that an event holds, block by block. */
export function EventBody({ event }: { readonly event: ShownEvent }) {
  if ("content" in event && event.kind !== "review") return <Blocks blocks={blocksOf(event.content)} />;
  if (event.kind === "tool" || event.kind === "check") {
    return event.output === "" ? undefined : <LongText text={event.output} most={2000} label="Output" />;
  }
  if (event.kind === "started") return <Beginning event={event} />;
  if (event.kind === "review") return <Folded title="Its system prompt" text={event.text} />;
  if (event.kind === "verdict") return <List lines={event.reasons} />;
  if (event.kind === "retry") return <p>{visible(event.cause)}</p>;
  if (event.kind === "ended") return <p>{visible(event.message)}</p>;
  return event.kind === "patch" ? undefined : <Words event={event} />;
}

function Words({ event }: { readonly event: Extract<ShownEvent, { kind: "system" | "nudge" | "unreadable" }> }) {
  if (event.kind !== "system") return <LongText text={event.text} most={2000} label="Text" />;
  const title = `${event.text.length.toLocaleString("en-US")} characters, tools: ${event.tools.map(oneLine).join(", ")}`;
  return <Folded title={title} text={event.text} />;
}

function Beginning({
  event: { changeset, attempt, try: number, model, baseCommit },
}: {
  readonly event: Extract<ShownEvent, { kind: "started" }>;
}) {
  return (
    <p>
      Changeset {visible(changeset)}, attempt {attempt}-{number}, model {visible(model)}
      {baseCommit !== undefined && `, base ${visible(baseCommit.slice(0, 12))}`}
    </p>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} />);
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case "text":
      return block.text.length > longestMarkdown ? <LongText text={block.text} label="Text" /> : <ModelText text={block.text} />;
    case "thinking":
      return block.text === "" ? undefined : <Folded title="Thinking" text={block.text} />;
    case "call":
      return (
        <Folded
          title={`Calls ${oneLine(block.name)} ${block.paths.map((path) => shortened(oneLine(path), 80)).join(" → ")}`}
          text={block.input}
        />
      );
    case "result":
      return <LongText text={block.text} most={2000} label="Result" />;
    case "other":
      return <Folded title="A block of another kind" text={block.text} />;
  }
}

function Folded({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <details className="cb-block">
      <summary>{title}</summary>
      <LongText text={text} label={title} />
    </details>
  );
}

function List({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{visible(line)}</li>
      ))}
    </ul>
  );
}
