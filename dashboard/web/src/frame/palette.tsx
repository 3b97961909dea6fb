import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { asking } from "../client/client.ts";
import { visible } from "../text/visible.ts";
import { choicesFor, type Choice } from "./choices.ts";
import { Dialog } from "./dialog.tsx";

/** Goes to a page or batch by a few letters. */
export function Palette() {
  const [isOpen, setOpen] = useState(false);
  useHotkeys([["mod+K", () => setOpen(true)]], []);
  return (
    <>
      <button type="button" className="cb-plain cb-wide-only" onClick={() => setOpen(true)}>
        Go to <kbd>Ctrl K</kbd>
      </button>
      <Dialog title="Go to" isOpen={isOpen} onClose={() => setOpen(false)}>
        <Search onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Search({ onDone }: { readonly onDone: () => void }) {
  const [text, setText] = useState("");
  const [marked, setMarked] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 150);
  const { data } = useQuery({
    ...asking("batches", { params: {}, query: { q: asked, limit: "8" } }),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const navigate = useNavigate();
  const choices = choicesFor(text, data?.items ?? []);
  const go = ({ href }: Choice): void => {
    onDone();
    void navigate({ href });
  };
  const onKeyDown = (key: KeyboardEvent): void => {
    const chosen = choices[marked];
    if (key.key === "ArrowDown") setMarked((at) => Math.min(at + 1, choices.length - 1));
    else if (key.key === "ArrowUp") setMarked((at) => Math.max(at - 1, 0));
    else if (key.key === "Enter" && chosen !== undefined) go(chosen);
    else return;
    key.preventDefault();
  };
  return (
    <div className="cb-palette">
      <input
        role="combobox"
        aria-label="Page or batch"
        aria-expanded="true"
        aria-controls="cb-choices"
        aria-activedescendant={choices.length === 0 ? undefined : `cb-choice-${marked}`}
        className="cb-input"
        placeholder="Page or batch"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setMarked(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ChoiceList choices={choices} marked={marked} onGo={go} />
      {choices.length === 0 && <p className="cb-dim">Nothing is called so.</p>}
    </div>
  );
}

interface ChoiceListProps {
  readonly choices: readonly Choice[];
  readonly marked: number;
  readonly onGo: (choice: Choice) => void;
}

function ChoiceList({ choices, marked, onGo }: ChoiceListProps) {
  return (
    <ul id="cb-choices" role="listbox" aria-label="Pages and batches">
      {choices.map((choice, index) => (
        <li key={choice.href} id={`cb-choice-${index}`} role="option" aria-selected={index === marked} onClick={() => onGo(choice)}>
          {visible(choice.name)} <span className="cb-dim">{choice.kind}</span>
        </li>
      ))}
    </ul>
  );
}
