import type { PatchFiles } from "@codybatch/dashboard-contract";
import { getRouteApi } from "@tanstack/react-router";
import { memo, useEffect, useState } from "react";
import { Copy } from "../../text/copy.tsx";
import { visible } from "../../text/visible.ts";
import { Awaited, roomFor } from "./awaited.tsx";
import { FileDiff } from "./file-diff.tsx";
import { whyFolded } from "./folders.ts";
import { useNear } from "./near.ts";
import { useViewed } from "./viewed.ts";

interface FileSectionProps {
  readonly file: PatchFiles["files"][number];
  readonly attempt: string;
  readonly digest: string;
  readonly view: "unified" | "split";
  readonly hidesBlanks: boolean;
}

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** One file of the patch. It is asked for and drawn once it comes near. */
export const FileSection = memo(function FileSection(props: FileSectionProps) {
  const { file, digest } = props;
  const isPointedAt = route.useSearch({ select: ({ file: path }) => path === file.path });
  const why = whyFolded(file);
  const [isViewed, setViewed] = useViewed(digest, file.path);
  const [isOpen, setOpen] = useState(why === undefined && !isViewed);
  const mark = (isRead: boolean): void => {
    setViewed(isRead);
    setOpen(!isRead);
  };
  const [section, isNear] = useNear<HTMLElement>();
  useEffect(() => {
    if (!isPointedAt) return;
    setOpen(true);
    if (window.location.hash === "") section.current?.scrollIntoView();
  }, [isPointedAt, section]);
  return (
    <section
      ref={section}
      className="cb-file"
      style={isOpen ? { containIntrinsicBlockSize: `auto ${roomFor(file)}px` } : undefined}
      aria-label={visible(file.path)}
    >
      <header className="cb-file-head">
        <button type="button" className="cb-plain" aria-expanded={isOpen} data-file onClick={() => setOpen(!isOpen)}>
          <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> <PathName file={file} />
        </button>
        <Copy text={file.path} what={`the path ${visible(file.path)}`} />
        <span className="cb-number">
          <span className="cb-add">+{file.additions}</span> <span className="cb-del">−{file.deletions}</span>
        </span>
        <label className="cb-nowrap">
          <input type="checkbox" checked={isViewed} onChange={({ currentTarget }) => mark(currentTarget.checked)} /> Viewed
        </label>
      </header>
      {!isOpen && !isViewed && why !== undefined && (
        <p className="cb-folded">
          {why}: not shown by itself.{" "}
          <button type="button" className="cb-plain" onClick={() => setOpen(true)}>
            Show the diff
          </button>
        </p>
      )}
      {isOpen && <Body {...props} isPointedAt={isPointedAt} isNear={isNear} />}
    </section>
  );
});

interface BodyProps extends FileSectionProps {
  readonly isPointedAt: boolean;
  readonly isNear: boolean;
}

function Body({ isNear, ...props }: BodyProps) {
  if (props.file.binary) return <p className="cb-folded">A binary file: it has no lines to show.</p>;
  if (isNear || props.isPointedAt) return <FileDiff {...props} />;
  return <Awaited file={props.file} />;
}

function PathName({ file: { path, from, change } }: { readonly file: FileSectionProps["file"] }) {
  return (
    <span className="cb-path">
      {from !== undefined && from !== path && `${visible(from)} → `}
      {visible(path)} <span className="cb-dim">{change === "modified" ? "" : change}</span>
    </span>
  );
}
