import { visible } from "../text/visible.ts";

interface FacetProps {
  readonly title: string;
  readonly values: readonly { readonly value: string; readonly count: number; readonly name?: string }[];
  readonly isChosen: (value: string) => boolean;
  readonly onToggle: (value: string) => void;
}

/** Values to filter by, each with how many rows it leaves. */
export function Facet({ title, values, isChosen, onToggle }: FacetProps) {
  if (values.length === 0) return undefined;
  return (
    <fieldset className="cb-facet">
      <legend>{title}</legend>
      {values.map(({ value, count, name }) => (
        <button key={value} type="button" className="cb-chip" aria-pressed={isChosen(value)} onClick={() => onToggle(value)}>
          <span className="cb-chip-name">{visible(name ?? value)}</span> <span className="cb-count">{count}</span>
        </button>
      ))}
    </fieldset>
  );
}
