import { defaultText } from "@codybatch/crds/browser";
import { Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { FieldProps } from "./field-props.ts";
import { ListField } from "./list-field.tsx";
import { named, valueAt } from "./path.ts";
import { linesOf, numberOf, pairsOf, shownPairs, textIn } from "./text-value.ts";

/** A field, or a group of fields, as the schema says. */
export function Field(props: FieldProps) {
  const { node } = props;
  if (node.type === "array") return node.items?.type === "object" ? <ListField {...props} Entry={Fields} /> : <LinesField {...props} />;
  if (node.properties !== undefined) return <Group {...props} />;
  if (node.additionalProperties !== undefined) return <PairsField {...props} />;
  if (node.type === "boolean") return <FlagField {...props} />;
  return node.enum === undefined ? <TextField {...props} /> : <ChoiceField {...props} />;
}

/** What all inputs have in common. */
function common({ node, path, faults, isRequired = false }: FieldProps) {
  const place = named(path);
  const own = faults.filter((fault) => fault.path === place).map(({ message }) => message);
  const standard = defaultText(node);
  return {
    label: String(path.at(-1)),
    description: node.description,
    required: isRequired,
    withAsterisk: isRequired,
    error: own.length === 0 ? undefined : own.join(" "),
    placeholder: standard === undefined || standard === "" ? undefined : `${standard} when empty`,
    size: "sm",
  } as const;
}

/** The schema's own fields of an object. */
export function Fields({ node, path, root, faults, onChange }: FieldProps) {
  return Object.entries(node.properties ?? {}).map(([name, child]) => (
    <Field
      key={name}
      node={child}
      path={[...path, name]}
      root={root}
      faults={faults}
      onChange={onChange}
      isRequired={node.required?.includes(name) === true}
    />
  ));
}

function Group(props: FieldProps) {
  const place = named(props.path);
  const isFaulty = props.faults.some(({ path }) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`));
  const isSet = valueAt(props.root, props.path) !== undefined;
  const own = props.faults.filter(({ path }) => path === place);
  return (
    <details className="cb-group" open={isSet || isFaulty}>
      <summary>
        {String(props.path.at(-1))} <span className="cb-dim">{props.node.description}</span>
      </summary>
      {own.map(({ message }) => (
        <p key={message} role="alert" className="cb-bad">
          {message}
        </p>
      ))}
      <div className="cb-stack">
        <Fields {...props} />
      </div>
    </details>
  );
}

const longText = 1000;

function TextField(props: FieldProps) {
  const { node, path, root, onChange } = props;
  const value = textIn(valueAt(root, path));
  const change = (text: string): void =>
    onChange(path, text === "" ? undefined : node.type === "integer" || node.type === "number" ? numberOf(text) : text);
  const isLong = (node.maxLength ?? 0) > longText && path.at(-1) !== "search" && path.at(-1) !== "codeSearch";
  if (isLong) return <Textarea {...common(props)} rows={6} value={value} onChange={({ currentTarget }) => change(currentTarget.value)} />;
  const mode = node.type === "integer" ? "numeric" : "text";
  return <TextInput {...common(props)} inputMode={mode} value={value} onChange={({ currentTarget }) => change(currentTarget.value)} />;
}

function ChoiceField(props: FieldProps) {
  const { node, path, root, onChange } = props;
  const standard = defaultText(node);
  return (
    <NativeSelect
      {...common(props)}
      value={textIn(valueAt(root, path))}
      data={[{ value: "", label: standard === undefined ? "–" : `${standard} (default)` }, ...(node.enum ?? [])]}
      onChange={({ currentTarget: { value } }) => onChange(path, value === "" ? undefined : value)}
    />
  );
}

function FlagField(props: FieldProps) {
  const { path, root, onChange } = props;
  const { label, description, error } = common(props);
  return (
    <Checkbox
      label={label}
      description={description}
      error={error}
      checked={valueAt(root, path) === true}
      onChange={({ currentTarget }) => onChange(path, currentTarget.checked ? true : undefined)}
    />
  );
}

function LinesField(props: FieldProps) {
  const { path, root, onChange, faults } = props;
  const words = common(props);
  const place = `${named(path)}[`;
  const within = faults
    .filter(({ path: at }) => at.startsWith(place))
    .map(({ path: at, message }) => `${at.slice(named(path).length)}: ${message}`);
  return (
    <Textarea
      {...words}
      description={`${words.description ?? ""} One a line.`}
      error={within.length === 0 ? words.error : within.join(" ")}
      rows={3}
      value={textIn(valueAt(root, path))}
      onChange={({ currentTarget }) => onChange(path, linesOf(currentTarget.value))}
    />
  );
}

function PairsField(props: FieldProps) {
  const { path, root, onChange } = props;
  const words = common(props);
  return (
    <Textarea
      {...words}
      description={`${words.description ?? ""} One name=value a line.`}
      rows={2}
      value={shownPairs(valueAt(root, path))}
      onChange={({ currentTarget }) => onChange(path, pairsOf(currentTarget.value))}
    />
  );
}
