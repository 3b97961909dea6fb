import { useEffect, useRef, useState } from "react";
import { useKeys } from "../keyboard/keys.ts";

interface SearchBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const patience = 250;

/** Says what is searched for once the typing rests; `/` leads to it. */
export function SearchBox({ label, hint, value, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value ?? "");
  const [known, setKnown] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => box.current?.focus() });
  // The address changed from outside, such as by the browser's way back.
  if (value !== known) {
    setKnown(value);
    if ((value ?? "") !== text.trim()) setText(value ?? "");
  }
  useEffect(() => {
    const wanted = text.trim() === "" ? undefined : text.trim();
    if (wanted === value) return undefined;
    const timer = window.setTimeout(() => onChange(wanted), patience);
    return () => window.clearTimeout(timer);
  });
  return (
    <label className="cb-search">
      <span className="cb-hidden">{label}</span>
      <input
        ref={box}
        type="search"
        className="cb-input"
        placeholder={`${hint}  ( / )`}
        maxLength={256}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </label>
  );
}
