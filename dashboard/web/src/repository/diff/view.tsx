import "./diff.css";
import type { PatchFiles, RepositoryDetail } from "@codybatch/dashboard-contract";
import { urlOf } from "@codybatch/dashboard-contract/client";
import { Checkbox, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { asking } from "../../client/client.ts";
import { Answered } from "../../fault/answered.tsx";
import { moveFocus, useKeys } from "../../keyboard/keys.ts";
import { bytes, counted } from "../../money/format.ts";
import { usePreference } from "../../preference/preference.ts";
import { AttemptPicker } from "../attempt-picker.tsx";
import { Missing } from "../missing.tsx";
import { FileList } from "./file-list.tsx";
import { FileSection } from "./file-section.tsx";

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** The patch, file by file. */
export function DiffView({ detail }: { readonly detail: RepositoryDetail }) {
  const { attempt } = route.useSearch();
  const chosen = detail.attempts.find(({ id }) => id === attempt)?.patch ?? detail.patch;
  const isShown = detail.rights.patch && (chosen.state === "stored" || chosen.state === "live");
  return (
    <section aria-label="Diff">
      <AttemptPicker attempts={detail.attempts} />
      {isShown ? <Patch attempt={attempt} /> : <Missing what="patch" availability={chosen} isAllowed={detail.rights.patch} />}
    </section>
  );
}

function Patch({ attempt }: { readonly attempt: string | undefined }) {
  const params = route.useParams();
  const [view, setView] = usePreference("diff", ["unified", "split"]);
  const [blanks, setBlanks] = usePreference("blanks", ["shown", "hidden"]);
  useKeys({
    u: () => setView("unified"),
    s: () => setView("split"),
    "]": () => moveFocus("[data-file]", 1),
    "[": () => moveFocus("[data-file]", -1),
    j: () => moveFocus("[data-hunk]", 1),
    k: () => moveFocus("[data-hunk]", -1),
  });
  const query = useQuery(asking("patchFiles", { params, query: { attempt } }));
  return (
    <Answered query={query} what="the files of the patch">
      {({ files, more, bytes: size, live, digest, attempt: shown }) => (
        <>
          <div className="cb-row cb-toolbar">
            <Forms view={view} onView={setView} blanks={blanks} onBlanks={setBlanks} />
            <span className="cb-dim">
              {counted(files.length + more, "file")}, {bytes(size)}
            </span>
            <a href={urlOf("patch", { params, query: { attempt: shown, download: "true" } })} download>
              Download .patch
            </a>
          </div>
          {live && <p className="cb-note">The agent still works: this is the change so far.</p>}
          {files.length === 0 && <p className="cb-panel">The patch is empty: nothing had to change.</p>}
          {more > 0 && (
            <p className="cb-note cb-note-warn">
              {counted(more, "file")} more are in the patch than can be listed. Download it to see all.
            </p>
          )}
          <div className="cb-diff">
            <FileList files={files} />
            <Sections files={files} attempt={shown} digest={digest} view={view} hidesBlanks={blanks === "hidden"} />
          </div>
        </>
      )}
    </Answered>
  );
}

interface SectionsProps extends Omit<ComponentProps<typeof FileSection>, "file"> {
  readonly files: PatchFiles["files"];
}

function Sections({ files, ...shared }: SectionsProps) {
  return (
    <div className="cb-files">
      {files.map((file) => (
        <FileSection key={`${shared.digest}${file.offset}`} file={file} {...shared} />
      ))}
    </div>
  );
}

interface FormsProps {
  readonly view: "unified" | "split";
  readonly onView: (view: "unified" | "split") => void;
  readonly blanks: "shown" | "hidden";
  readonly onBlanks: (blanks: "shown" | "hidden") => void;
}

function Forms({ view, onView, blanks, onBlanks }: FormsProps) {
  return (
    <>
      <SegmentedControl
        aria-label="Form of the diff"
        size="xs"
        data={[
          { value: "unified", label: "Unified" },
          { value: "split", label: "Split" },
        ]}
        value={view}
        onChange={(value) => onView(value === "split" ? "split" : "unified")}
      />
      <Checkbox
        label="Hide white space"
        size="xs"
        checked={blanks === "hidden"}
        onChange={({ currentTarget }) => onBlanks(currentTarget.checked ? "hidden" : "shown")}
      />
    </>
  );
}
