import "./compose.css";
import { schemaOf } from "@codybatch/crds/browser";
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { asking } from "../client/client.ts";
import { useTitle } from "../frame/title.ts";
import { faultsOf } from "./faults.ts";
import { Fields } from "./field.tsx";
import { emptyManifest, type Manifest } from "./manifest.ts";
import { OpenFile } from "./open-file.tsx";
import { isFields, named, type Path, valueAt, withValue } from "./path.ts";
import { Outcome } from "./outcome.tsx";
import { textIn } from "./text-value.ts";

const spec = schemaOf("BatchChange").properties?.["spec"];

/** Writes a BatchChange with the reader; it is kubectl that applies it. */
export function ComposePage() {
  useTitle("Compose");
  const [manifest, setManifest] = useState<Manifest>(emptyManifest);
  const { data: limits, error } = useQuery({ ...asking("limits", { params: {} }), staleTime: 300_000 });
  const settled = useDeferredValue(manifest);
  const faults = useMemo(() => faultsOf(settled, limits), [settled, limits]);
  const [touched, setTouched] = useState<ReadonlySet<string> | "all">(new Set());
  // Nobody likes to read what is wrong with a field before having come to it.
  const shown = touched === "all" ? faults : faults.filter(({ path }) => touched.has(path));
  const change = (path: Path, value: unknown): void => {
    setTouched((before) => (before === "all" ? before : new Set([...before, named(path)])));
    setManifest((before) => {
      const next = withValue(before, path, value);
      return isFields(next) ? next : emptyManifest;
    });
  };
  const openFile = (opened: Manifest): void => {
    setTouched("all");
    setManifest(opened);
  };
  const head = (field: "name" | "namespace", label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      required={field === "name"}
      value={textIn(valueAt(manifest, ["metadata", field]))}
      error={shown.find(({ path }) => path === `metadata.${field}`)?.message}
      onChange={({ currentTarget: { value } }) => change(["metadata", field], value === "" && field === "namespace" ? undefined : value)}
    />
  );
  return (
    <>
      <h1>Compose a BatchChange</h1>
      <p>The dashboard changes nothing in the cluster: this page gives the YAML, and kubectl applies it with your own rights.</p>
      {error !== null && (
        <p className="cb-note cb-note-warn">The administrator's limits could not be asked for; kubectl apply will say what they refuse.</p>
      )}
      <OpenFile onOpen={openFile} />
      <div className="cb-compose">
        <form className="cb-stack" aria-label="BatchChange" onSubmit={(submit) => submit.preventDefault()}>
          {head("name", "name", "At most 40 characters; names of Jobs and branches begin with it.")}
          {head("namespace", "namespace", "Where it is applied; the current one of kubectl when empty.")}
          {spec !== undefined && <Fields node={spec} path={["spec"]} root={manifest} faults={shown} onChange={change} />}
        </form>
        <Outcome manifest={manifest} faults={faults} limits={limits} />
      </div>
    </>
  );
}
