import { Textarea } from "@mantine/core";
import { type ComponentType, useState } from "react";
import type { FieldProps } from "./field-props.ts";
import { isList, named, valueAt } from "./path.ts";
import { addressesOf } from "./text-value.ts";

interface ListFieldProps extends FieldProps {
  /** What shows the fields of one entry. */
  readonly Entry: ComponentType<FieldProps>;
}

/** A list of objects: one group of fields for each. */
export function ListField({ node, path, root, faults, onChange, Entry }: ListFieldProps) {
  const value = valueAt(root, path);
  const entries = isList(value) ? value : [];
  const name = String(path.at(-1));
  const own = faults.filter((fault) => fault.path === named(path));
  const { items } = node;
  if (items === undefined) return undefined;
  return (
    <fieldset className="cb-group">
      <legend>{name}</legend>
      <p className="cb-dim">{node.description}</p>
      {own.map(({ message }) => (
        <p key={message} role="alert" className="cb-bad">
          {message}
        </p>
      ))}
      {entries.map((_entry, index) => (
        <div key={index} role="group" aria-label={`${name} ${index + 1}`} className="cb-entry cb-stack">
          <Entry node={items} path={[...path, index]} root={root} faults={faults} onChange={onChange} />
          <button type="button" className="cb-plain" onClick={() => onChange([...path, index], undefined)}>
            Take out entry {index + 1} <span className="cb-hidden">of {name}</span>
          </button>
        </div>
      ))}
      <button type="button" className="cb-button" onClick={() => onChange([...path, entries.length], {})}>
        Add an entry <span className="cb-hidden">to {name}</span>
      </button>
      {name === "repositories" && (
        <Paste
          onAdd={(addresses) => {
            const written = entries.filter((entry) => valueAt(entry, ["url"]) !== undefined && valueAt(entry, ["url"]) !== "");
            onChange(path, [...written, ...addresses.map((url) => ({ url }))]);
          }}
        />
      )}
    </fieldset>
  );
}

function Paste({ onAdd }: { readonly onAdd: (addresses: readonly string[]) => void }) {
  const [text, setText] = useState("");
  const addresses = addressesOf(text);
  return (
    <details>
      <summary>Paste many</summary>
      <Textarea
        label="Repositories"
        description="Addresses or owner/name, one a line."
        rows={4}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <button
        type="button"
        className="cb-button"
        disabled={addresses.length === 0}
        onClick={() => {
          onAdd(addresses);
          setText("");
        }}
      >
        Add {addresses.length}
      </button>
    </details>
  );
}
