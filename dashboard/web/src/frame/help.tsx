import { useState } from "react";
import { keyList, useKeys } from "../keyboard/keys.ts";
import { Dialog } from "./dialog.tsx";

export function Help() {
  const [isOpen, setOpen] = useState(false);
  useKeys({ "?": () => setOpen(true) });
  return (
    <>
      <button type="button" className="cb-plain cb-wide-only" onClick={() => setOpen(true)}>
        Keys <kbd>?</kbd>
      </button>
      <Dialog title="Keys" isOpen={isOpen} onClose={() => setOpen(false)}>
        <dl className="cb-keys">
          {keyList.map(([key, meaning]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}
