import type { PatchFiles } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { visible } from "../../text/visible.ts";
import { foldersOf, nameOf, titleOf } from "./folders.ts";

type File = PatchFiles["files"][number];

/** The files by folder; each leads to its part of the diff. */
export function FileList({ files }: { readonly files: readonly File[] }) {
  const [part, setPart] = useState("");
  if (files.length < 2) return undefined;
  const fitting = files.filter(({ path }) => path.toLowerCase().includes(part.toLowerCase()));
  const folders = foldersOf(fitting);
  return (
    <nav aria-label="Files" className="cb-file-list">
      {files.length > 8 && (
        <input
          type="search"
          className="cb-input"
          aria-label="Filter files"
          placeholder="Filter files"
          value={part}
          onChange={({ currentTarget }) => setPart(currentTarget.value)}
        />
      )}
      {folders.map((folder) => (
        <div key={folder.path}>
          <FolderTitle title={titleOf(folder, folders)} />
          <ul>
            {folder.files.map((file) => (
              <FileLink key={file.offset} file={file} />
            ))}
          </ul>
        </div>
      ))}
      {fitting.length === 0 && <p className="cb-dim">No file is called so.</p>}
    </nav>
  );
}

function FolderTitle({ title }: { readonly title: string | undefined }) {
  return title === undefined ? undefined : <p className="cb-folder">{visible(title)}</p>;
}

const signs = { added: "A", deleted: "D", modified: "M", renamed: "R" } as const;

function FileLink({ file: { path, change, additions, deletions } }: { readonly file: File }) {
  return (
    <li>
      <Link
        from="/batches/$namespace/$name/$changeset"
        to="."
        search={(search) => ({ ...search, file: path })}
        title={visible(path)}
        resetScroll={false}
      >
        <abbr title={change} className={`cb-change cb-change-${change}`}>
          {signs[change]}
        </abbr>{" "}
        {visible(nameOf(path))}
      </Link>
      <span className="cb-number">
        <span className="cb-add">+{additions}</span> <span className="cb-del">−{deletions}</span>
      </span>
    </li>
  );
}
