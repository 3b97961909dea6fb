import { type ReactNode, useEffect, useRef } from "react";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser's own dialog: it keeps the focus and closes with Escape. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!isOpen) {
      dialog.current?.close();
      return;
    }
    dialog.current?.showModal();
    // The browser gives the focus to the first button; who opens a dialog to write wants to write.
    dialog.current?.querySelector("input")?.focus();
  }, [isOpen]);
  return (
    <dialog ref={dialog} aria-label={title} className="cb-dialog" onClose={onClose}>
      {isOpen && (
        <>
          <div className="cb-row">
            <h2 className="cb-grow">{title}</h2>
            <button type="button" className="cb-plain" onClick={onClose}>
              Close
            </button>
          </div>
          {children}
        </>
      )}
    </dialog>
  );
}
